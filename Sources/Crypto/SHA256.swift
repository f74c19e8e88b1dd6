import CCrypto

/// SHA-256 by OpenSSL, of bytes that come one after the other.
///
/// The functions of `openssl/sha.h` cannot fail and need no provider. `EVP_Digest` loads one, which keeps 2 MB more of
/// libcrypto in memory.
public final class SHA256 {
    private var context = SHA256_CTX()

    /// The hash of nothing yet.
    public init() { SHA256_Init(&context) }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { SHA256_Update(&context, bytes.baseAddress, bytes.count) }

    /// Adds the UTF-8 of a text.
    public func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest of all bytes: 32 bytes. Nothing may be added after that.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256_Final(&digest, &context)
        return digest
    }

    /// The digest of the UTF-8 of a text: 32 bytes.
    public static func digest(_ text: String) -> [UInt8] {
        let hash = SHA256()
        hash.update(text)
        return hash.finish()
    }

    /// The digest of the UTF-8 of a text, as 64 hexadecimal digits.
    public static func hexadecimal(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest(text).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
