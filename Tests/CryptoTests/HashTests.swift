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

    @Test func `MD5 of bytes equals what md5sum prints`() throws {
        let digest = try #require(MD5.digest(Array("abc".utf8)), "OpenSSL has no MD5, as in FIPS mode")
        #expect(digest.prefix(4) == [0x90, 0x01, 0x50, 0x98])
    }
}
