import OrderedCollections

extension JSON {
    /// How JSON is written.
    public struct WritingOptions: Sendable, Hashable {
        /// Whether members are sorted by the bytes of their names, as Go writes maps. Otherwise they keep their order.
        public var sortsKeys = false
        /// The number of blanks to indent each level; nil writes everything on one line.
        public var indent: Int?

        /// Options; by default one line with the members in their order.
        public init(sortsKeys: Bool = false, indent: Int? = nil) {
            self.sortsKeys = sortsKeys
            self.indent = indent
        }
    }

    /// The value as JSON text in UTF-8.
    public func encoded(_ options: WritingOptions = WritingOptions()) -> [UInt8] {
        var writer = JSONWriter(options: options)
        writer.write(self, depth: 0)
        return writer.bytes
    }

    /// The value as JSON text.
    public func text(_ options: WritingOptions = WritingOptions()) -> String {
        String(decoding: encoded(options), as: UTF8.self)
    }
}

extension JSON: CustomStringConvertible {
    /// The value on one line with sorted members.
    public var description: String { text(WritingOptions(sortsKeys: true)) }
}

private struct JSONWriter {
    var bytes: [UInt8] = []
    let options: JSON.WritingOptions

    init(options: JSON.WritingOptions) { self.options = options }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .int(let value): append(String(value))
        case .double(let value): write(value)
        case .string(let text): write(text)
        case .array(let elements):
            writeItems(elements, "[", "]", depth: depth) { writer, element in writer.write(element, depth: depth + 1) }
        case .object(let members):
            let sorted =
                options.sortsKeys ? members.elements.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : nil
            if let sorted {
                writeItems(sorted, "{", "}", depth: depth) { $0.write($1, depth: depth) }
            } else {
                writeItems(members.elements, "{", "}", depth: depth) { $0.write($1, depth: depth) }
            }
        }
    }

    private mutating func write(_ member: (key: String, value: JSON), depth: Int) {
        write(member.key)
        append(options.indent == nil ? ":" : ": ")
        write(member.value, depth: depth + 1)
    }

    private mutating func writeItems<Items: Collection>(
        _ items: Items, _ open: String, _ close: String, depth: Int, _ writeItem: (inout Self, Items.Element) -> Void
    ) {
        append(open)
        var isFirst = true
        for item in items {
            if !isFirst { append(",") }
            isFirst = false
            newLine(depth: depth + 1)
            writeItem(&self, item)
        }
        if !isFirst { newLine(depth: depth) }
        append(close)
    }

    private mutating func newLine(depth: Int) {
        guard let indent = options.indent else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(_ value: Double) {
        if let integer = Int64(exactly: value) { append(String(integer)) } else { append("\(value)") }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            for byte in utf8 {
                switch byte {
                case UInt8(ascii: "\""): append("\\\"")
                case UInt8(ascii: "\\"): append("\\\\")
                case UInt8(ascii: "\n"): append("\\n")
                case UInt8(ascii: "\r"): append("\\r")
                case UInt8(ascii: "\t"): append("\\t")
                case 0..<0x20:
                    append("\\u00")
                    append(byte < 0x10 ? "0" : "1")
                    append(String(byte & 0xF, radix: 16))
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
