import CSnappy

/// The Snappy block format, which remote write uses.
enum SnappyBlock {
    /// The size that a compressed message says it has; nil if it does not start with one.
    static func size(of compressed: UnsafeRawBufferPointer) -> Int? {
        var size = 0
        let text = compressed.bindMemory(to: CChar.self)
        guard let start = text.baseAddress, snappy_uncompressed_length(start, text.count, &size) == SNAPPY_OK else {
            return nil
        }
        return size
    }

    /// The message of the size that ``size(of:)`` returned; nil if it is not valid.
    static func decompressed(_ compressed: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        let text = compressed.bindMemory(to: CChar.self)
        guard let start = text.baseAddress else { return nil }
        var isValid = false
        // Some capacity in any case, so that there is an address.
        let message = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
            var written = size
            guard let target = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            let status = snappy_uncompress(start, text.count, target.assumingMemoryBound(to: CChar.self), &written)
            isValid = status == SNAPPY_OK && written == size
            count = isValid ? size : 0
        }
        return isValid ? message : nil
    }

    /// A message, compressed.
    static func compressed(_ message: [UInt8]) -> [UInt8] {
        let capacity = snappy_max_compressed_length(message.count)
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = message.withUnsafeBytes { source in
                var written = capacity
                // An empty array has no address.
                var nothing = CChar(0)
                guard let target = UnsafeMutableRawPointer(buffer.baseAddress) else { return 0 }
                let text = source.bindMemory(to: CChar.self)
                let status = withUnsafePointer(to: &nothing) { nothing in
                    snappy_compress(
                        text.baseAddress ?? nothing, text.count, target.assumingMemoryBound(to: CChar.self), &written)
                }
                return status == SNAPPY_OK ? written : 0
            }
        }
    }
}
