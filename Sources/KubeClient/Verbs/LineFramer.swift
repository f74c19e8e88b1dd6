import Glibc

/// Splits a stream of bytes into lines, regardless of its chunks.
struct LineFramer {
    /// A line beyond the limit.
    struct TooLong: Error {}

    /// The most bytes of a line.
    let limit: Int
    private var buffer: [UInt8] = []
    /// The start of the first line that has not been returned yet.
    private var start = 0
    /// The end of the part without a line break.
    private var searched = 0

    init(limit: Int) { self.limit = limit }

    /// Whether bytes without a line break are left.
    var hasRest: Bool { start < buffer.count }

    /// Appends a chunk.
    mutating func append(_ chunk: [UInt8]) {
        if start == buffer.count {
            buffer = chunk
        } else {
            if start > 0 { buffer.removeSubrange(..<start) }
            searched -= start
            buffer.append(contentsOf: chunk)
            start = 0
            return
        }
        start = 0
        searched = 0
    }

    /// Passes the next complete line in the buffer to a closure; nil if there is none yet.
    mutating func nextLine<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) throws -> Result? {
        let found: Int? = buffer.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, searched < bytes.count else { return nil }
            guard let place = memchr(base + searched, 0x0A, bytes.count - searched) else { return nil }
            return UnsafeRawPointer(place) - UnsafeRawPointer(base)
        }
        guard let found else {
            searched = buffer.count
            guard buffer.count - start <= limit else { throw TooLong() }
            return nil
        }
        guard found - start <= limit else { throw TooLong() }
        defer {
            start = found + 1
            searched = start
            if start == buffer.count {
                buffer = []
                start = 0
                searched = 0
            }
        }
        return try buffer.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[start..<found])) }
    }

    /// The bytes after the last line break.
    mutating func takeRest() -> [UInt8] {
        defer {
            buffer = []
            start = 0
            searched = 0
        }
        return Array(buffer[start...])
    }
}
