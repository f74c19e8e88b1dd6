import CCrypto

/// SHA-256 of bytes that come one after the other, by OpenSSL.
final class SHA256Stream {
    private let context: OpaquePointer
    /// Bytes that OpenSSL has not got yet, since each call costs as much as some hundred bytes.
    private var pending: [UInt8] = []

    private static let mostPending = 1024
    /// Fetched once, as OpenSSL looks for it for as long as it takes to hash a small object; it is never changed.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    init() {
        // This can only fail where memory runs out or OpenSSL is set up without SHA-256; neither leaves anything to do.
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex2(context, Self.algorithm, nil) == 1 else {
            preconditionFailure("OpenSSL has no SHA-256")
        }
        self.context = context
        pending.reserveCapacity(Self.mostPending)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds a byte and a number.
    func update(_ byte: UInt8, _ number: UInt64) {
        if pending.count + 9 > Self.mostPending { flush() }
        pending.append(byte)
        withUnsafeBytes(of: number.littleEndian) { pending.append(contentsOf: $0) }
    }

    /// Adds a text's UTF-8.
    func update(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            if pending.count + bytes.count > Self.mostPending { flush() }
            if bytes.count > Self.mostPending {
                EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
            } else {
                pending.append(contentsOf: bytes)
            }
        }
    }

    /// The first 16 bytes of the hash; nothing may be added after that.
    func finish() -> (UInt64, UInt64) {
        flush()
        var hash = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        EVP_DigestFinal_ex(context, &hash, nil)
        return hash.withUnsafeBytes { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    private func flush() {
        EVP_DigestUpdate(context, pending, pending.count)
        pending.removeAll(keepingCapacity: true)
    }
}
