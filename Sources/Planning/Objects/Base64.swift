import CCrypto

/// Base64 as Secrets hold their data, by OpenSSL's libcrypto.
enum Base64 {
    /// The text for bytes, on one line, padded.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        // EVP_EncodeBlock ends its text with a zero byte, for which there must be room.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let length = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(length)), as: UTF8.self)
    }
}
