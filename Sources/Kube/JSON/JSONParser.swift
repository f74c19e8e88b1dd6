#if canImport(Glibc)
import Glibc
#endif
import OrderedCollections

/// Why a text is not the JSON that was asked for.
public struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, in words.
    public var reason: String
    /// Where: the number of bytes before the fault.
    public var offset: Int

    /// An error at a place in the text.
    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String { "not valid JSON at byte \(offset): \(reason)" }
}

extension JSON {
    /// What the parser accepts beyond and below RFC 8259.
    public struct ParsingOptions: Sendable {
        /// The deepest nesting that is read; Go's `encoding/json` stops at 10,000, manifests need some 30.
        public var maximumDepth = 256
        /// Whether an object with one name twice is refused; else the last value stands, as in Go.
        public var refusesDuplicateKeys = false

        /// The defaults: 256 levels, duplicates allowed.
        public init() {}
    }

    /// Reads one JSON text; only white space may follow it.
    ///
    /// Integers that fit 64 bits stay integers. Throws ``JSONSyntaxError``.
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

    /// Reads one JSON text from a string.
    public init(parsing text: String, options: ParsingOptions = ParsingOptions()) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), options: options)
    }
}

/// A recursive-descent parser over bytes that stay where they are while it runs.
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
        guard position == bytes.count else { throw fault("text goes on after the value") }
        return value
    }

    private func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func parseValue() throws(JSONSyntaxError) -> JSON {
        skipWhitespace()
        guard let byte = current else { throw fault("the text ends where a value should be") }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw fault("\(name(of: byte)) where a value should be")
        }
    }

    private func name(of byte: UInt8) -> String {
        byte >= 0x21 && byte < 0x7F ? "\"\(Unicode.Scalar(byte))\"" : "byte \(byte)"
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONSyntaxError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw fault("a word is cut short") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw fault("an unknown word")
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
            guard let byte = current else { throw fault("a list is not closed") }
            position += 1
            if byte == UInt8(ascii: "]") { break }
            guard byte == UInt8(ascii: ",") else {
                position -= 1
                throw fault("\(name(of: byte)) where \",\" or \"]\" should be")
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
            guard current == UInt8(ascii: "\"") else { throw fault("a member's name should be here, in quotes") }
            let start = position
            let key = try parseString()
            skipWhitespace()
            guard current == UInt8(ascii: ":") else { throw fault("\":\" should be here") }
            position += 1
            let value = try parseValue()
            if members.updateValue(value, forKey: key) != nil, options.refusesDuplicateKeys {
                throw JSONSyntaxError(reason: "the member \"\(key)\" is given twice", offset: start)
            }
            skipWhitespace()
            guard let byte = current else { throw fault("an object is not closed") }
            position += 1
            if byte == UInt8(ascii: "}") { break }
            guard byte == UInt8(ascii: ",") else {
                position -= 1
                throw fault("\(name(of: byte)) where \",\" or \"}\" should be")
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
        guard digits > 0 else { throw fault("a digit should be here") }
        guard digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else { throw fault("a number starts with 0") }
        if current == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard skipDigits() > 0 else { throw fault("a digit should follow the point") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw fault("a digit should follow the exponent") }
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
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
                    throw fault("the string is not valid UTF-8")
                }
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            guard byte >= 0x20 else { throw fault("a control character in a string") }
            position += 1
        }
        throw fault("a string is not closed")
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
                guard byte >= 0x20 else { throw fault("a control character in a string") }
                text.append(byte)
            }
        }
        throw fault("a string is not closed")
    }

    private mutating func parseEscape() throws(JSONSyntaxError) -> String {
        guard let byte = current else { throw fault("a string is not closed") }
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
        default: throw fault("an unknown escape")
        }
    }

    /// A `\u` escape, or two that make one character; a lone surrogate reads as U+FFFD, as in Go.
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
        guard position + 4 <= bytes.count else { throw fault("an escape is cut short") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw fault("a hexadecimal digit should be here")
            }
            value = value << 4 + UInt32(digit)
            position += 1
        }
        return value
    }
}
