import CCrypto

/// SHA-256 by OpenSSL.
public enum SHA256 {
    /// The digest of bytes: 32 bytes.
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        // It fails only if memory runs out or OpenSSL has no SHA-256; nothing can be done in either case.
        guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has no SHA-256")
        }
        return digest
    }

    /// The digest of the UTF-8 of a text, as 64 hexadecimal digits.
    public static func hexadecimal(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest(Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
