import Observability
import TestSupport
import Testing

@Suite("Spare memory", .serialized) struct SpareMemoryTests {
    /// How many kibibytes of files are mapped and resident.
    private static func residentOfFiles() throws -> Int {
        let lines = try TemporaryDirectory.read("/proc/self/status").split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("RssFile:") })
        return try #require(line.split { $0 == " " || $0 == "\t" }.dropFirst().first.flatMap { Int($0) })
    }

    @Test func `pages that only starting has touched are given back, and nothing is lost by it`() throws {
        let own = (0..<100_000).map { "value \($0)" }
        let before = try Self.residentOfFiles()
        SpareMemory.dropStartupPages()
        SpareMemory.trim()
        #expect(try Self.residentOfFiles() < before)
        #expect(own.enumerated().allSatisfy { $0.element == "value \($0.offset)" })
    }
}
