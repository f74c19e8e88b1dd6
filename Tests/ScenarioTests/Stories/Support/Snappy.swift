/// The Snappy block format, according to its format description.
enum Snappy {
    /// The decompressed bytes; nil if they are not valid.
    static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        guard let length = rest.popVarint(), length < 64 << 20 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(Int(length))
        while let tag = rest.popFirst() {
            if tag & 3 == 0 {
                var count = Int(tag >> 2)
                if count >= 60 {
                    guard let more = rest.popLittleEndian(count - 59) else { return nil }
                    count = more
                }
                guard rest.count > count else { return nil }
                result += rest.prefix(count + 1)
                rest = rest.dropFirst(count + 1)
                continue
            }
            let (count, offset): (Int, Int?) =
                switch tag & 3 {
                case 1: (Int(tag >> 2 & 7) + 4, rest.popFirst().map { Int(tag >> 5) << 8 | Int($0) })
                case 2: (Int(tag >> 2) + 1, rest.popLittleEndian(2))
                default: (Int(tag >> 2) + 1, rest.popLittleEndian(4))
                }
            guard let offset, offset > 0, offset <= result.count else { return nil }
            for _ in 0..<count { result.append(result[result.count - offset]) }
        }
        return result.count == Int(length) ? result : nil
    }

    /// The bytes in the format without any compression, as literals only.
    static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let literals = stride(from: 0, to: bytes.count, by: 60).flatMap { start -> [UInt8] in
            let part = bytes[start..<min(start + 60, bytes.count)]
            return [UInt8(part.count - 1) << 2] + part
        }
        return Varint.bytes(of: UInt64(bytes.count)) + literals
    }
}

extension ArraySlice<UInt8> {
    /// Removes an integer of some bytes from the start; nil if there are fewer.
    fileprivate mutating func popLittleEndian(_ count: Int) -> Int? {
        guard self.count >= count else { return nil }
        let value = prefix(count).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        self = dropFirst(count)
        return value
    }
}
