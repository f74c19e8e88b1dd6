import TestSupport
import Testing

@Suite("The guide docs/migrating.md")
struct DocumentTests {
    @Test func `The migration guide names an existing test for each difference`() throws {
        let text = try Checkout.read("docs/migrating.md")
        let start = try #require(text.firstRange(of: "## What differs on purpose")).upperBound
        let rows = text[start...].split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst(2)
        #expect(rows.count == 14)
        let sources = try [
            "Tests/HashringControllerTests", "Tests/ScenarioTests/DropIn", "Tests/ScenarioTests/CommandLine",
        ]
        .flatMap { try Checkout.list($0) }.filter { $0.hasSuffix(".swift") }.map { try Checkout.read($0) }
        // The names of tests are the code spans of more than three words.
        let names = text[start...].split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }
            .map { $0.element.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { $0.split(separator: " ").count > 3 }
        #expect(names.count >= 15)
        for name in names {
            #expect(sources.contains { $0.contains("func `\(name)`") }, "\(name)")
        }
    }
}
