import TestSupport
import Testing

@testable import tributary

/// What a terminal shows while a command works.
@Suite struct `Progress on a terminal` {
    private static let erased = "\r\u{1B}[K"

    @Test func `Progress on a terminal shows nothing in the first second, then the newest step, once`() {
        var line = ProgressLine()
        #expect(line.update(now: .seconds(100)) == nil)
        line.step("reading a", now: .seconds(100))
        #expect(line.update(now: .seconds(100.5)) == nil)
        line.step("reading b", now: .seconds(100.9))
        #expect(line.update(now: .seconds(101)) == Self.erased + "reading b")
        #expect(line.update(now: .seconds(102)) == nil)
        line.step("reading c", now: .seconds(103))
        #expect(line.update(now: .seconds(103)) == Self.erased + "reading c")
    }

    @Test func `The line of progress goes before other output, and comes back`() {
        var line = ProgressLine()
        #expect(line.clear() == nil)
        line.step("planning", now: .zero)
        #expect(line.clear() == nil)
        #expect(line.update(now: .seconds(2)) != nil)
        #expect(line.clear() == Self.erased)
        #expect(line.clear() == nil)
        #expect(line.update(now: .seconds(3)) == Self.erased + "planning")
    }

    @Test func `A long step of progress does not wrap, and controls nothing`() {
        var line = ProgressLine()
        line.step(String(repeating: "x", count: 200) + "\n", now: .zero)
        let long = line.update(now: .seconds(2)) ?? ""
        #expect(long.count == Self.erased.count + 79 && long.hasSuffix("x…"))
        line.step("a\u{1B}[2J\rb", now: .seconds(3))
        #expect(line.update(now: .seconds(3)) == Self.erased + "a\u{FFFD}[2J\u{FFFD}b")
    }

    /// script(1) runs a program on a terminal.
    private static let script = ChildProcess.find("script")

    /// Runs `tributary status` on a terminal against a server that takes its time.
    private func onTerminal(_ arguments: String, terminal: String = "xterm") async throws -> String {
        let server = try await ScriptedServer.start { _, reply in
            try await Task.sleep(for: .seconds(2))
            try await reply.json(["kind": "List", "items": []])
        }
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = try folder.write(
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            current-context: x
            contexts: [{name: x, context: {cluster: x, user: x}}]
            clusters: [{name: x, cluster: {server: "\(server.url)"}}]
            users: [{name: x, user: {}}]
            """)
        let command = "\(Checkout.tributary) status --kubeconfig \(kubeconfig) \(arguments)"
        let child = try ChildProcess(
            try #require(Self.script), ["-qec", command, "/dev/null"], environment: ["TERM": terminal],
            logPath: folder.path("log"))
        do {
            try await waitUntil("the command ends", within: .seconds(120)) { !child.isRunning }
        } catch {
            await child.stop()
            await server.stop()
            throw error
        }
        await server.stop()
        return child.log
    }

    @Test(.enabled(if: script != nil))
    func `The command status tells on a terminal what takes long, and leaves nothing behind`()
        async throws
    {
        let shown = try await onTerminal("")
        #expect(shown.contains("\(Self.erased)reading globalviews"), "\(shown.debugDescription)")
        #expect(shown.contains("\(Self.erased)GlobalViews 0/0 ready"), "\(shown.debugDescription)")
    }

    @Test(.enabled(if: script != nil), arguments: [("-o json", "xterm"), ("", "dumb")])
    func `The command status tells nothing to a program, or on a terminal that cannot erase`(
        arguments: String, terminal: String
    )
        async throws
    {
        let shown = try await onTerminal(arguments, terminal: terminal)
        #expect(!shown.contains("reading") && !shown.contains("\u{1B}"), "\(shown.debugDescription)")
    }
}
