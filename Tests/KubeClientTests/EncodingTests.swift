import Kube
import Testing

@testable import KubeClient

@Suite("Encodings") struct EncodingTests {

    @Test(arguments: [
        ("299 - \"a\"", ["a"]), ("299 host:80 \"a, b\", 299 - \"c \\\"d\\\"\"", ["a, b", "c \"d\""]),
        ("214 - \"a\"", []), ("299 - \"a", []), ("299", []), ("", []), ("299 - \"a\",", ["a"]),
    ])
    func `Warnings are read as in apimachinery`(header: String, texts: [String]) {
        #expect(WarningHeader.parse(header) == texts)
    }

    @Test func `Lines up to the limit are accepted and longer ones refused`() throws {
        var framer = LineFramer(limit: 3)
        func next() throws -> String? { try framer.nextLine { String(decoding: $0, as: UTF8.self) } }
        framer.append(Array("abc\nd".utf8))
        #expect(try next() == "abc")
        #expect(try next() == nil)
        framer.append(Array("ef".utf8))
        #expect(try next() == nil)
        framer.append(Array("\n\nxyz".utf8))
        #expect(try next() == "def")
        #expect(try next() == "")
        #expect(try next() == nil && framer.hasRest)
        framer.append(Array("!".utf8))
        #expect(throws: LineFramer.TooLong.self) { try next() }
    }
}
