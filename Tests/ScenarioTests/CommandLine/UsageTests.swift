import TestSupport
import Testing
import TributaryAPI
import YAML

@Suite struct `The command line` {
    static let commands = [
        "run", "hashring", "render", "lint", "route", "diff-rings", "local", "demo", "reload", "crds", "version",
    ]

    @Test(arguments: commands) func `explains each of its commands`(command: String) async throws {
        for arguments in [[command, "--help"], ["help", command]] {
            let outcome = try await Tool.run(arguments)
            #expect(outcome.code == 0)
            #expect(outcome.errors == "")
            #expect(outcome.output.contains("USAGE: tributary \(command)"))
            #expect(outcome.output.contains("OVERVIEW: "))
        }
    }

    @Test func `lists its commands`() async throws {
        let outcome = try await Tool.run("--help")
        #expect(outcome.code == 0)
        for command in Self.commands { #expect(outcome.output.contains("\n  \(command) ")) }
    }

    @Test func `says its version`() async throws {
        let outcome = try await Tool.run("version")
        #expect(outcome.code == 0)
        #expect(outcome.output.split(separator: "\n").count >= 1)
        let flag = try await Tool.run("--version")
        #expect(flag.code == 0)
        #expect(!flag.output.isEmpty && outcome.output.contains(flag.output.prefix { $0 != "\n" }))
    }

    @Test(arguments: [
        ["nonsense"], ["render"], ["render", "-f"], ["render", "-f", "examples/thanos", "-o", "xml"],
        ["render", "--nonsense", "-f", "examples/thanos"], ["run", "--workers", "0"], ["run", "--workers", "many"],
        ["run", "--metrics-bind-address", "nowhere"], ["run", "--log-format", "prose"], ["run", "extra"],
        ["lint"], ["lint", "--replication-factor", "0", "-"], ["route", "-"], ["diff-rings", "-"],
        ["route", "--tenant", "a", "--series", "{", "-"],
    ])
    func `used wrongly ends with 2 and says how it is used`(arguments: [String]) async throws {
        let outcome = try await Tool.run(arguments)
        #expect(outcome.code == 2)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("Error: "))
        #expect(outcome.errors.contains("Usage: tributary"))
    }

    @Test func `prints the definitions that lie in crds`() async throws {
        let outcome = try await Tool.run("crds")
        #expect(outcome.code == 0)
        let files = try ["globalviews", "tenants", "prometheusagents"].map {
            try Checkout.read("crds/\(TributaryAPI.group)_\($0).yaml")
        }
        #expect(outcome.output == files.joined(separator: "---\n"))
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func `completes itself in a shell`(shell: String) async throws {
        let outcome = try await Tool.run("--generate-completion-script", shell)
        #expect(outcome.code == 0)
        for command in Self.commands { #expect(outcome.output.contains(command)) }
    }
}
