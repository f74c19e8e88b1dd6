import CCrypto

/// MD5, by OpenSSL: only to draw what Thanos draws, never to keep anything safe.
enum MD5 {
    /// The digest of some bytes: 16 bytes; nil where OpenSSL is set up without MD5, as in FIPS mode.
    static func digest(_ bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 16)
        return EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil) == 1 ? digest : nil
    }
}
