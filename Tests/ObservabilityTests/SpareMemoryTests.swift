import Observability
import TestSupport
import Testing

@Suite("Spare memory", .serialized) struct SpareMemoryTests {
    /// The resident memory of file mappings in KiB.
    private static func residentOfFiles() throws -> Int {
        let lines = try TemporaryDirectory.read("/proc/self/status").split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("RssFile:") })
        return try #require(line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) })
    }

    @Test func `Pages that were needed only during startup are returned to the kernel without loss of data`() throws {
        let own = (0..<100_000).map { "value \($0)" }
        let before = try Self.residentOfFiles()
        SpareMemory.dropCodePages()
        SpareMemory.trim()
        #expect(try Self.residentOfFiles() < before)
        #expect(own.enumerated().allSatisfy { $0.element == "value \($0.offset)" })
    }
}
