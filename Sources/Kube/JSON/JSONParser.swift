#if canImport(Glibc)
import Glibc
#endif
import OrderedCollections

extension JSON {
    /// Options of the JSON parser.
    public struct ParsingOptions: Sendable {
        /// The deepest nesting that is accepted. Go's `encoding/json` accepts 10,000 levels; manifests need about 30.
        public var maximumDepth = 256
        /// Whether objects with duplicate names are refused. Otherwise the last value wins, as in Go.
        public var refusesDuplicateKeys = false

        /// The defaults: 256 levels, duplicates allowed.
        public init() {}
    }

    /// Reads a JSON text that has exactly one value.
    ///
    /// Integers that fit in 64 bits stay integers. Throws ``JSONSyntaxError``.
    public init(parsing bytes: some Collection<UInt8>, options: ParsingOptions = ParsingOptions())
        throws(JSONSyntaxError)
    {
        func run(_ buffer: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONSyntaxError> {
            var parser = JSONParser(bytes: buffer, options: options)
            do throws(JSONSyntaxError) { return .success(try parser.parseDocument()) } catch { return .failure(error) }
        }
        let result = bytes.withContiguousStorageIfAvailable(run) ?? Array(bytes).withUnsafeBufferPointer(run)
        self = try result.get()
    }

    /// Reads a JSON text from a string.
    public init(parsing text: String, options: ParsingOptions = ParsingOptions()) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), options: options)
    }
}

/// A recursive-descent parser. The bytes must stay in place during its lifetime.
private struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let options: JSON.ParsingOptions
    var position = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, options: JSON.ParsingOptions) {
        self.bytes = bytes
        self.options = options
    }

    mutating func parseDocument() throws(JSONSyntaxError) -> JSON {
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else { throw fault("unexpected text after the value") }
        return value
    }

    private func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func parseValue() throws(JSONSyntaxError) -> JSON {
        skipWhitespace()
        guard let byte = current else { throw fault("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw fault("\(name(of: byte)) where a value is expected")
        }
    }

    private func name(of byte: UInt8) -> String {
        byte >= 0x21 && byte < 0x7F ? "\"\(Unicode.Scalar(byte))\"" : "byte \(byte)"
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw fault("incomplete word") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw fault("unknown word")
        }
        position += length
        return value
    }

    private mutating func enter() throws(JSONSyntaxError) {
        depth += 1
        guard depth <= options.maximumDepth else { throw fault("nested deeper than \(options.maximumDepth) levels") }
        position += 1
    }

    private mutating func parseArray() throws(JSONSyntaxError) -> JSON {
        try enter()
        var elements: [JSON] = []
        skipWhitespace()
        if current == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return .array([])
        }
        while true {
            elements.append(try parseValue())
            skipWhitespace()
            guard let byte = current else { throw fault("the list is not closed") }
            position += 1
            if byte == UInt8(ascii: "]") { break }
            guard byte == UInt8(ascii: ",") else {
                position -= 1
                throw fault("\(name(of: byte)) where \",\" or \"]\" is expected")
            }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func parseObject() throws(JSONSyntaxError) -> JSON {
        try enter()
        var members = JSON.Members()
        skipWhitespace()
        if current == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return .object(members)
        }
        while true {
            skipWhitespace()
            guard current == UInt8(ascii: "\"") else { throw fault("expected a member name in quotes") }
            let start = position
            let key = try parseString()
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw fault("expected \":\"") }
            position += 1
            let value = try parseValue()
            if members.updateValue(value, forKey: key) != nil, options.refusesDuplicateKeys {
                throw JSONSyntaxError(reason: "the member \"\(key)\" is given twice", offset: start)
            }
            skipWhitespace()
            guard let byte = current else { throw fault("the object is not closed") }
            position += 1
            if byte == UInt8(ascii: "}") { break }
            guard byte == UInt8(ascii: ",") else {
                position -= 1
                throw fault("\(name(of: byte)) where \",\" or \"}\" is expected")
            }
        }
        depth -= 1
        return .object(members)
    }

    private mutating func parseNumber() throws(JSONSyntaxError) -> JSON {
        let start = position
        var isInteger = true
        if current == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        let digits = skipDigits()
        guard digits > 0 else { throw fault("expected a digit") }
        guard digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            throw fault("the number has a leading zero")
        }
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard skipDigits() > 0 else { throw fault("expected a digit after the decimal point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw fault("expected a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .int(value) }
        guard let value = Double(text), value.isFinite else { throw fault("the number is out of range") }
        return .double(value)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    private mutating func parseString() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        var isASCII = true
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                let text = UnsafeBufferPointer(rebasing: bytes[start..<position])
                // Most strings are ASCII, which needs no check; `validating` is generic, and many times slower.
                let string =
                    isASCII ? String(decoding: text, as: UTF8.self) : String(validating: text, as: UTF8.self)
                guard let string else { throw fault("the string is not valid UTF-8") }
                position += 1
                return string
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            guard byte >= 0x20 else { throw fault("unescaped control character in a string") }
            if byte >= 0x80 { isASCII = false }
            position += 1
        }
        throw fault("the string is not closed")
    }

    private mutating func parseEscapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw fault("the string is not valid UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                text.append(contentsOf: Array(try parseEscape().utf8))
            default:
                guard byte >= 0x20 else { throw fault("unescaped control character in a string") }
                text.append(byte)
            }
        }
        throw fault("the string is not closed")
    }

    private mutating func parseEscape() throws(JSONSyntaxError) -> String {
        guard let byte = current else { throw fault("the string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return String(try parseUnicodeEscape())
        default: throw fault("unknown escape sequence")
        }
    }

    /// A `\u` escape, or two that form one character. A lone surrogate becomes U+FFFD, as in Go.
    private mutating func parseUnicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try parseFourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let mark = position
            position += 2
            let second = try parseFourHexDigits()
            if second >= 0xDC00, second <= 0xDFFF,
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
            position = mark
        }
        return "\u{FFFD}"
    }

    private mutating func parseFourHexDigits() throws(JSONSyntaxError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault("incomplete escape sequence") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw fault("expected a hexadecimal digit")
            }
            value = value << 4 + UInt32(digit)
            position += 1
        }
        return value
    }
}
