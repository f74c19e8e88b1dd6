/// Builds and reads messages of remote write, by code of its own.
enum Message {
    static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }

    static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }

    static func field(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] { varint(field << 3) + varint(value) }

    static func label(_ name: String, _ value: String) -> [UInt8] {
        field(1, (name.isEmpty ? [] : field(1, name)) + (value.isEmpty ? [] : field(2, value)))
    }

    /// A series of the first version.
    static func series(_ labels: [(String, String)], _ rest: [UInt8] = []) -> [UInt8] {
        field(1, labels.flatMap { label($0.0, $0.1) } + rest)
    }

    /// A series as it is read.
    struct Series: Hashable, CustomStringConvertible {
        var labels: [Label]
        /// All fields but the labels, in order.
        var rest: [UInt8]
        var description: String { "\(labels) \(rest)" }
    }

    struct Label: Hashable, CustomStringConvertible {
        var name: [UInt8]
        var value: [UInt8]
        init(_ name: [UInt8], _ value: [UInt8]) {
            self.name = name
            self.value = value
        }
        init(_ name: String, _ value: String) { self.init(Array(name.utf8), Array(value.utf8)) }
        var description: String {
            "\(String(decoding: name, as: UTF8.self))=\(String(decoding: value, as: UTF8.self))"
        }
    }

    private struct Broken: Error {}

    private enum Value {
        case number(UInt64)
        case bytes([UInt8])
    }

    private static func fields(_ bytes: [UInt8]) throws -> [(number: UInt64, value: Value, whole: [UInt8])] {
        var (position, result) = (0, [(number: UInt64, value: Value, whole: [UInt8])]())
        func varint() throws -> UInt64 {
            var (value, shift) = (UInt64(0), UInt64(0))
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            throw Broken()
        }
        while position < bytes.count {
            let start = position
            let key = try varint()
            var value = Value.number(0)
            switch key & 7 {
            case 0: value = .number(try varint())
            case 1: position += 8
            case 5: position += 4
            case 2:
                let count = Int(try varint())
                guard position + count <= bytes.count else { throw Broken() }
                value = .bytes(Array(bytes[position..<position + count]))
                position += count
            default: throw Broken()
            }
            guard position <= bytes.count else { throw Broken() }
            result.append((key >> 3, value, Array(bytes[start..<position])))
        }
        return result
    }

    /// The series of a message of the first version. Throws if it has anything else.
    static func first(_ bytes: [UInt8]) throws -> [Series] {
        try fields(bytes).map { number, value, _ in
            guard number == 1, case .bytes(let series) = value else { throw Broken() }
            var result = Series(labels: [], rest: [])
            for (number, value, whole) in try fields(series) {
                guard number == 1, case .bytes(let label) = value else {
                    result.rest += whole
                    continue
                }
                var pair = Label("", "")
                for case (let number, .bytes(let text), _) in try fields(label) {
                    if number == 1 { pair.name = text }
                    if number == 2 { pair.value = text }
                }
                result.labels.append(pair)
            }
            return result
        }
    }

    /// The series of a message of the second version, with the texts that they refer to. Throws if it has anything else.
    static func second(_ bytes: [UInt8]) throws -> [Series] {
        var (symbols, all) = ([[UInt8]](), [[UInt8]]())
        for (number, value, _) in try fields(bytes) {
            guard case .bytes(let bytes) = value, number == 4 || number == 5 else { throw Broken() }
            if number == 4 { symbols.append(bytes) } else { all.append(bytes) }
        }
        return try all.map { series in
            var (references, rest) = ([UInt64](), [UInt8]())
            for (number, value, whole) in try fields(series) {
                switch (number, value) {
                case (1, .number(let reference)): references.append(reference)
                case (1, .bytes(let packed)):
                    // Each is a number of a field in the form of fields.
                    var rest = packed[...]
                    while !rest.isEmpty {
                        let end = (rest.firstIndex { $0 < 0x80 } ?? rest.endIndex - 1) + 1
                        references.append(
                            rest[..<end].reversed().reduce(0) { $0 << 7 | UInt64($1 & 0x7F) })
                        rest = rest[end...]
                    }
                default: rest += whole
                }
            }
            guard references.count.isMultiple(of: 2), references.allSatisfy({ $0 < UInt64(symbols.count) }) else {
                throw Broken()
            }
            let labels = stride(from: 0, to: references.count, by: 2).map {
                Label(symbols[Int(references[$0])], symbols[Int(references[$0 + 1])])
            }
            return Series(labels: labels, rest: rest)
        }
    }
}
