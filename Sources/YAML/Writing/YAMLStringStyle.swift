import CYAML

/// Chooses how to write a string so that every reader reads the same string.
enum YAMLStringStyle {
    /// The style to request from libyaml, which falls back from plain to single quotes where the syntax requires
    /// quotes.
    static func style(of text: UnsafeBufferPointer<UInt8>, isKey: Bool) -> yaml_scalar_style_t {
        guard let first = text.first else { return YAML_DOUBLE_QUOTED_SCALAR_STYLE }
        switch shape(of: text) {
        case .escaped: return YAML_DOUBLE_QUOTED_SCALAR_STYLE
        case .lines: return isKey ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_LITERAL_SCALAR_STYLE
        case .oneLine: break
        }
        if mayBeWord(first), text.count <= 6, isWord(text) { return YAML_DOUBLE_QUOTED_SCALAR_STYLE }
        if mayBeNumber(first), isNumberLike(text) { return YAML_DOUBLE_QUOTED_SCALAR_STYLE }
        return YAML_PLAIN_SCALAR_STYLE
    }

    private enum Shape {
        case oneLine
        /// Several lines that a literal block represents exactly.
        case lines
        /// Characters that only escapes represent exactly.
        case escaped
    }

    private static func shape(of text: UnsafeBufferPointer<UInt8>) -> Shape {
        var hasBreaks = false
        var previous: UInt8 = 0
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "\n"):
                if previous == UInt8(ascii: " ") { return .escaped }
                hasBreaks = true
            case 0..<0x20, 0x7F: return .escaped
            // C1 controls, including NEL, which YAML 1.1 reads as a line break.
            case 0xC2 where index + 1 < text.count && text[index + 1] < 0xA0: return .escaped
            // The line and paragraph separators, which YAML 1.1 also reads as line breaks.
            case 0xE2 where index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] & 0xFE == 0xA8:
                return .escaped
            // The byte order mark, and the two noncharacters.
            case 0xEF where index + 2 < text.count && (text[index + 1] == 0xBB && text[index + 2] == 0xBF):
                return .escaped
            case 0xEF where index + 2 < text.count && (text[index + 1] == 0xBF && text[index + 2] >= 0xBE):
                return .escaped
            // Beyond the basic multilingual plane, where libyaml escapes.
            case 0xF0...: return .escaped
            default: break
            }
            previous = byte
        }
        guard hasBreaks else { return .oneLine }
        return previous == UInt8(ascii: " ") ? .escaped : .lines
    }

    private static func mayBeWord(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "o"): true
        default: byte == UInt8(ascii: "~") || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "<")
        }
    }

    /// The words that some reader takes for a boolean, null, a merge key or PyYAML's "value" key.
    private static let words: Set<String> = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<",
    ]

    private static func isWord(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        words.contains(String(decoding: text, as: UTF8.self).lowercased())
    }

    private static func mayBeNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Whether some reader takes the text for a number or a date.
    ///
    /// Wider than go-yaml's rules: underscores anywhere, any radix, base 60 (`12:30:45`), numbers out of range.
    static func isNumberLike(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let string = String(decoding: text, as: UTF8.self)
        if YAMLTimestamp.isTimestamp(string) { return true }
        var plain = text.filter { $0 != UInt8(ascii: "_") }[...]
        if YAMLResolution.isFloatSyntax(plain) { return true }
        if plain.first == UInt8(ascii: "+") || plain.first == UInt8(ascii: "-") { plain.removeFirst() }
        let lowercased = String(decoding: plain, as: UTF8.self).lowercased()
        if lowercased == ".inf" || lowercased == ".nan" { return true }
        if lowercased.hasPrefix("0x") || lowercased.hasPrefix("0o") || lowercased.hasPrefix("0b") {
            return lowercased.dropFirst(2).allSatisfy {
                $0.isHexDigit || $0 == "." || $0 == "p" || $0 == "-" || $0 == "+"
            }
        }
        return isBase60(plain)
    }

    /// Whether a text consists of digits, groups of one or two digits after colons, and an optional fraction.
    private static func isBase60(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.contains(UInt8(ascii: ":")) else { return false }
        let whole = text.prefix { $0 != UInt8(ascii: ".") }
        let fraction = text.dropFirst(whole.count).dropFirst()
        func isDigits(_ bytes: ArraySlice<UInt8>) -> Bool {
            bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        let groups = whole.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return isDigits(fraction) && groups.allSatisfy { !$0.isEmpty && isDigits($0) }
            && groups.dropFirst().allSatisfy { $0.count <= 2 }
    }
}
