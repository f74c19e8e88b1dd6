import ArgumentParser
import TestSupport
import Testing

@testable import tributary

/// The commands in the docs.
@Suite(.timeLimit(.minutes(5))) struct `Commands in the docs` {
    private static let calls = MarkdownPage.all.flatMap { path in
        ((try? MarkdownPage.at(path))?.blocks ?? []).flatMap(\.calls)
    }

    @Test func `Commands are in the docs`() {
        #expect(Self.calls.count > 50)
        #expect(Self.calls.flatMap(\.line.tributary).count > 10)
    }

    @Test(arguments: calls)
    func `Commands in the docs have arguments that the program knows`(call: MarkdownPage.Block.Call) throws {
        for arguments in call.line.tributary {
            #expect(throws: Never.self, "\(call)") { try Tributary.parseAsRoot(arguments) }
        }
    }

    @Test(arguments: calls) func `Commands in the docs name files that exist`(call: MarkdownPage.Block.Call) {
        let tops = ["examples", "manifests", "crds", "charts", "Tests"]
        for word in call.line.calls.joined() {
            let top = word.prefix { $0 != "/" }
            guard tops.contains(String(top)), word == top || word.contains("/"), !word.contains("…") else { continue }
            #expect(Checkout.exists(word), "\(call): \(word)")
        }
    }

    @Test(arguments: MarkdownPage.all)
    func `Commands in a sentence of the docs exist, with their options`(path: String) throws {
        for code in try MarkdownPage.at(path).code {
            let words = code.text.split { " []|'".contains($0) }.map(String.init)
            guard words.first == "tributary", words.count > 1 else { continue }
            let command = Tributary.configuration.subcommands.first { $0.configuration.commandName == words[1] }
            guard let command else {
                #expect(words[1].hasPrefix("--"), "\(code)")
                continue
            }
            let help = Tributary.helpMessage(for: command, columns: 200)
            for option in words where option.hasPrefix("-") {
                let name = String(option.prefix { $0 != "=" })
                #expect(help.contains("\(name) ") || help.contains("\(name),"), "\(code)")
            }
        }
    }

    /// Commands that only read files of the repository.
    private static let offline = calls.filter { call in
        guard let arguments = call.line.tributary.first, call.line.calls.count == 1 else { return false }
        let reads = ["render", "lint", "why", "convert", "route", "diff-rings"].contains(arguments.first)
        let paths = arguments.filter { $0.contains("/") && !$0.hasPrefix("{") }
        return reads && paths.contains { Checkout.exists($0) }
    }

    @Test(arguments: offline) func `Commands on files of the repository print what the docs say`(
        call: MarkdownPage.Block.Call
    ) async throws {
        let outcome = try await Tool.run(call.line.tributary[0])
        let shown = call.output.filter { !$0.isEmpty }
        guard !shown.isEmpty else {
            #expect(outcome.code == 0, "\(call): \(outcome.errors)")
            return
        }
        #expect(outcome.output.split(separator: "\n").map(String.init) == shown, "\(call): \(outcome.errors)")
        // The last line of an explanation says whether series come.
        if call.line.tributary[0].first == "why" {
            let isGood = !shown.contains { $0.hasPrefix("  no ") }
            #expect((outcome.code == 0) == isGood, "\(call)")
        }
    }
}
