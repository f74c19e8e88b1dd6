import CCrypto

/// MD5 by OpenSSL, only to seed shards as Thanos does and never for security.
public enum MD5 {
    /// The digest of bytes: 16 bytes; nil if OpenSSL has no MD5, as in FIPS mode.
    public static func digest(_ bytes: [UInt8]) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 16)
        return EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil) == 1 ? digest : nil
    }
}
