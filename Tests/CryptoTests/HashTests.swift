import Crypto
import Testing

@Suite("Hashes")
struct HashTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `SHA-256 of a text equals what sha256sum prints`(text: String, digest: String) {
        #expect(SHA256.hexadecimal(text) == digest)
    }

    @Test func `Bytes that come one after the other have the SHA-256 of the whole`() {
        let parts = ["", "a", String(repeating: "ü", count: 5000), "b"]
        let hash = SHA256()
        for part in parts { hash.update(part) }
        #expect(hash.finish() == SHA256.digest(parts.joined()))
    }

    /// A test vector of the author of bcrypt's tables, with the version that OpenBSD writes.
    @Test func `A password has the bcrypt hash that other programs make of it`() {
        let salt: [UInt8] = [
            0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10,
        ]
        #expect(
            Bcrypt.hash("U*U", salt: salt, cost: 5) == "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
    }

    /// Test cases 1, 2 and 6 of RFC 4231.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC with SHA-256 equals the examples of RFC 4231`(key: [UInt8], message: String, code: String) {
        let found = HMAC.sha256(Array(message.utf8), key: key)
        #expect(found.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == code)
    }

    @Test func `MD5 of bytes equals what md5sum prints`() throws {
        let digest = try #require(MD5.digest(Array("abc".utf8)), "OpenSSL has no MD5, as in FIPS mode")
        #expect(digest.prefix(4) == [0x90, 0x01, 0x50, 0x98])
    }
}
