import Kube
import Testing

@testable import KubeClient

@Suite struct EncodingTests {
    @Test func `base 64 is read back whatever its length, and nonsense is refused`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
            #expect(Base64.decode(Base64.encode(bytes).utf8) == bytes)
        }
        #expect(Base64.encode(Array("user:pass".utf8)) == "dXNlcjpwYXNz")
        #expect(Base64.decode("QU\nJD".utf8) == Array("ABC".utf8))
        #expect(Base64.decode("QQ".utf8) == Array("A".utf8))
        for text in ["QQ=", "Q", "QQ=A", "Q?==", "====", "QUJD="] {
            #expect(Base64.decode(text.utf8) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("299 - \"a\"", ["a"]), ("299 host:80 \"a, b\", 299 - \"c \\\"d\\\"\"", ["a, b", "c \"d\""]),
        ("214 - \"a\"", []), ("299 - \"a", []), ("299", []), ("", []), ("299 - \"a\",", ["a"]),
    ])
    func `warnings are read as apimachinery reads them`(header: String, texts: [String]) {
        #expect(WarningHeader.parse(header) == texts)
    }

    @Test func `a line may be as long as the limit and no longer`() throws {
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
