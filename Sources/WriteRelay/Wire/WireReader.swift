/// Reads the fields of a protobuf message one after another.
///
/// It is stricter than the decoders of servers, so that none of them can find a field where this one finds another:
/// numbers that do not fit, field numbers out of range and groups are malformed.
struct WireReader {
    /// A field of a message.
    struct Field {
        var number: UInt64
        var type: WireType
        /// The bytes of the key and the value.
        var whole: Range<Int>
        /// The bytes of the value, without the length.
        var payload: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    /// A reader of a message.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = 0
        end = bytes.count
    }

    /// A reader of a message within another.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    var isAtEnd: Bool { position >= end }

    /// The next field; nil at the end.
    mutating func next() throws(RewriteFault) -> Field? {
        guard position < end else { return nil }
        let start = position
        let key = try varint()
        let number = key >> 3
        guard (1...0x1FFF_FFFF).contains(number) else { throw .malformed("a field has the number \(number)") }
        guard let type = WireType(rawValue: UInt8(key & 7)) else {
            throw .malformed("field \(number) has the wire type \(key & 7)")
        }
        var payload = position
        switch type {
        case .varint: _ = try varint()
        case .fixed64: try skip(8)
        case .fixed32: try skip(4)
        case .bytes:
            let length = try varint()
            payload = position
            try skip(length)
        }
        return Field(number: number, type: type, whole: start..<position, payload: payload..<position)
    }

    /// The next variable-length integer.
    mutating func varint() throws(RewriteFault) -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while position < end {
            let byte = bytes[position]
            position += 1
            guard shift < 63 || byte < 2 else { throw .malformed("a number has more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw Self.truncated
    }

    private mutating func skip(_ count: UInt64) throws(RewriteFault) {
        guard count <= UInt64(end - position) else { throw Self.truncated }
        position += Int(count)
    }

    private static let truncated = RewriteFault.malformed("a field ends behind the end of its message")
}

/// How the value of a field is encoded. Groups, which no message of remote write has, are not read.
enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
    case fixed32 = 5
}
