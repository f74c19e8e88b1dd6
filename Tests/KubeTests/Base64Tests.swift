import Kube
import Testing

@Suite("Base64") struct Base64Tests {
    @Test func `Base64 of any length survives a round trip, and malformed text is refused`() {
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
}
