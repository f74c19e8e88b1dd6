/// HMAC with SHA-256 (RFC 2104).
public enum HMAC {
    private static let blockSize = 64

    /// The authentication code of bytes under a key: 32 bytes.
    public static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > blockSize ? hash([key]) : key
        block += [UInt8](repeating: 0, count: blockSize - block.count)
        return hash([block.map { $0 ^ 0x5c }, hash([block.map { $0 ^ 0x36 }, message])])
    }

    private static func hash(_ parts: [[UInt8]]) -> [UInt8] {
        let hash = SHA256()
        for part in parts { part.withUnsafeBytes { hash.update($0) } }
        return hash.finish()
    }
}
