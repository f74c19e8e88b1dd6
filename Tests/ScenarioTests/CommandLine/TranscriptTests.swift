import PlanningInput
import TestSupport
import Testing

/// The transcripts of `status` and `doctor` in the docs, run again.
@Suite(.timeLimit(.minutes(4))) struct `The transcripts of status and doctor` {
    @Test func `The transcripts of status and doctor are what the commands print`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = folder.path("kubeconfig")
        let cluster = try ChildProcess(
            Checkout.tributary,
            [
                "local", "--write-kubeconfig", kubeconfig, "-f", "\(Checkout.root)/examples/walls",
                "\(Checkout.root)/Tests/Fixtures/transcripts",
            ], logPath: folder.path("log"))
        var running = [cluster]
        do {
            try await waitUntil("the cluster is ready") { cluster.log.contains("It runs until Ctrl-C.") }
            running.append(
                try ChildProcess(
                    Checkout.tributary,
                    [
                        "run", "--kubeconfig", kubeconfig, "--leader-elect", "--leader-election-namespace",
                        "tributary-system", "--metrics-bind-address", "0",
                    ], logPath: folder.path("operator-log")))
            for command in ["status", "doctor"] {
                let expected = try Self.documented(command)
                var printed = ""
                do {
                    try await waitUntil("\(command) prints what the docs say") {
                        printed = Self.lasting(try await Tool.run(command, "--kubeconfig", kubeconfig).output)
                        return printed == expected
                    }
                } catch {
                    #expect(printed == expected)
                }
            }
        } catch {
            for child in running { await child.stop() }
            throw error
        }
        for child in running { await child.stop() }
    }

    /// The transcript of a command in the docs.
    private static func documented(_ command: String) throws -> String {
        let docs = try Checkout.read("docs/troubleshooting.md")
        let start = try #require(docs.firstRange(of: "```\n$ tributary \(command)\n")?.upperBound)
        let end = try #require(docs[start...].firstRange(of: "```")?.lowerBound)
        return lasting(String(docs[start..<end]))
    }

    /// A transcript without what differs each time: the order of what began in the same seconds, ages, the leader's name,
    /// the version, and how names do not resolve.
    private static func lasting(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { line -> String in
            if let leader = line.firstRange(of: "leader: "), line.hasSuffix(" leads") {
                return "\(line[..<leader.upperBound])somebody leads"
            }
            if line.contains(".example.org/"), let end = line.firstRange(of: "/write: ") {
                return "\(line[..<end.upperBound])"
            }
            return line.split(separator: " ", omittingEmptySubsequences: false).map { word in
                let isAge = "0" <= word && word < ":" && ["s:", "m:", "h:"].contains { word.hasSuffix($0) }
                return isAge ? "0s:" : String(word)
            }.joined(separator: " ").replacing(Release.version, with: "0.0.0")
        }
        let entries = lines.reduce(into: [String]()) { entries, line in
            if line.hasPrefix(" "), let last = entries.popLast() {
                entries.append("\(last)\n\(line)")
            } else {
                entries.append(line)
            }
        }
        return entries.sorted().joined(separator: "\n")
    }
}
