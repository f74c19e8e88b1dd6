/// What ids of tenants and credentials consist of, so that nginx reads nothing else in them.
enum GatewaySyntax {
    /// A character class for ids in regular expressions of nginx.
    static let idClass = "[A-Za-z0-9!_.*'()@:+=~-]"

    /// Whether an id can stand in the configuration. Commas and blanks would end an id in a list of ids.
    static func isID(_ text: String) -> Bool { (1...150).contains(text.utf8.count) && idBytes.contains(all: text) }

    /// Whether a token can stand in the configuration.
    static func isToken(_ text: String) -> Bool {
        (16...512).contains(text.utf8.count) && tokenBytes.contains(all: text)
    }

    private static let idBytes = ByteSet("!_.*'()@:+=~-")
    private static let tokenBytes = ByteSet("-._~+/=")

    /// Whether a name of basic authentication can be one: a colon would end it.
    static func isUser(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
    }

    /// Whether a name is one of a header that nginx forwards.
    static func isHeader(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
    }

    /// A text for a regular expression of nginx in double quotes, which stands for itself.
    static func quoted(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if #"\.^$|?*+()[]{}"#.contains(character) { result += character == "\\" ? #"\\\"# : #"\"# }
            result.append(character)
        }
    }
}

/// Letters and digits of ASCII, and some further bytes.
private struct ByteSet {
    private let members: [Bool]

    init(_ others: String) {
        members = (UInt8.min...UInt8.max).map { $0.isAlphanumeric || others.utf8.contains($0) }
    }

    func contains(all text: String) -> Bool {
        for byte in text.utf8 where !members[Int(byte)] { return false }
        return true
    }
}

extension UInt8 {
    /// Whether it is a letter or a digit of ASCII.
    var isAlphanumeric: Bool { isDecimal || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    /// Whether it is a hexadecimal digit.
    var isHexadecimal: Bool { isDecimal || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
    private var isDecimal: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
