import TestSupport
import Testing

@testable import tributary

@Suite struct `The unified diff` {
    @Test func `The unified diff shows changes with three lines around them`() {
        let old = (1...12).map(String.init).joined(separator: "\n") + "\n"
        let new = old.replacing("6\n", with: "six\n") + "13\n"
        #expect(
            UnifiedDiff(old, new).lines == [
                "@@ -3,10 +3,11 @@", " 3", " 4", " 5", "-6", "+six", " 7", " 8", " 9", " 10", " 11", " 12", "+13",
            ])
        #expect(UnifiedDiff("", "a\nb\n").lines == ["@@ -0,0 +1,2 @@", "+a", "+b"])
        #expect(UnifiedDiff("a\n", "").lines == ["@@ -1,1 +0,0 @@", "-a"])
        #expect(UnifiedDiff(old, old).lines.isEmpty)
    }

    @Test func `The program patch makes the new text of the old one`() async throws {
        var numbers = SeededNumbers(seed: 7)
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        for round in 0..<20 {
            func text() -> String {
                (0..<Int.random(in: 1...40, using: &numbers)).map { _ in "\(Int.random(in: 0...5, using: &numbers))\n" }
                    .joined()
            }
            let (old, new) = (text(), text())
            let file = try folder.write("old-\(round)", old)
            let patch = (["--- a", "+++ b"] + UnifiedDiff(old, new).lines).joined(separator: "\n") + "\n"
            let log = folder.path("log-\(round)")
            let child = try ChildProcess(
                "/usr/bin/env", ["patch", "-s", file, try folder.write("patch", patch)], logPath: log)
            try await waitUntil("patch ends") { !child.isRunning }
            guard child.exitStatus != 127 << 8 else { return }
            #expect(try TemporaryDirectory.read(file) == new, "\(child.log)\n\(patch)")
        }
    }

    @Test func `Long texts without anything in common are one change of a diff`() {
        let old = (0..<20_000).map { "a\($0)\n" }.joined()
        let new = (0..<20_000).map { "b\($0)\n" }.joined()
        #expect(UnifiedDiff(old, new).lines.count == 40_001)
    }
}
