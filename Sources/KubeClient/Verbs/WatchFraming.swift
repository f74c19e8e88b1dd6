import Glibc

/// Cuts a stream of bytes into lines, wherever its chunks begin and end.
struct LineFramer {
    /// A line longer than allowed.
    struct TooLong: Error {}

    /// The longest line that is kept.
    let limit: Int
    private var buffer: [UInt8] = []
    /// Where the first line that was not yet handed out begins.
    private var start = 0
    /// Up to where no line break was found.
    private var searched = 0

    init(limit: Int) { self.limit = limit }

    /// Whether bytes without a line break are left.
    var hasRest: Bool { start < buffer.count }

    /// Takes the next chunk.
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

    /// The next whole line, handed to a closure while it lies in the buffer; nil if there is none yet.
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

    /// What is left after the last line break.
    mutating func takeRest() -> [UInt8] {
        defer {
            buffer = []
            start = 0
            searched = 0
        }
        return Array(buffer[start...])
    }
}
