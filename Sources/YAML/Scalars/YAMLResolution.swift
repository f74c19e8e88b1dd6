/// The meaning of an unquoted scalar: go-yaml v2's `resolve`, which `sigs.k8s.io/yaml` and Prometheus use.
enum YAMLResolution: Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case float(Double)
    /// A date, which stays text.
    case timestamp
    case string
    case binary(String)

    /// The short name of the value's tag.
    var tagName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .timestamp: "timestamp"
        case .string: "str"
        case .binary: "binary"
        }
    }

    /// Resolves a text. Only unquoted texts, and texts with the timestamp tag, can be timestamps.
    init(of text: String, readsTimestamps: Bool) {
        guard let first = text.utf8.first else {
            self = .null
            return
        }
        switch first {
        case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
            UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"),
            UInt8(ascii: "~"):
            self = text.utf8.count <= 5 ? Self.words[text] ?? .string : .string
        case UInt8(ascii: "."):
            if let word = Self.words[text] {
                self = word
            } else {
                self = Self.float(Array(text.utf8)).map(YAMLResolution.float) ?? .string
            }
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            if let word = Self.words[text] {
                self = word
            } else if readsTimestamps, YAMLTimestamp.isTimestamp(text) {
                self = .timestamp
            } else {
                let plain = text.utf8.filter { $0 != UInt8(ascii: "_") }
                self = Self.integer(plain) ?? Self.float(plain).map(YAMLResolution.float) ?? .string
            }
        default:
            self = .string
        }
    }

    private static let words: [String: YAMLResolution] = {
        var words: [String: YAMLResolution] = [:]
        for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
            words[word] = .bool(true)
        }
        for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
            words[word] = .bool(false)
        }
        for word in ["~", "null", "Null", "NULL"] { words[word] = .null }
        for word in [".nan", ".NaN", ".NAN"] { words[word] = .float(.nan) }
        for word in [".inf", ".Inf", ".INF"] {
            words[word] = .float(.infinity)
            words["+\(word)"] = .float(.infinity)
            words["-\(word)"] = .float(-.infinity)
        }
        return words
    }()

    /// An integer as Go's `strconv.ParseInt(_, 0, 64)` or else `ParseUint` reads it.
    ///
    /// Values of `ParseUint` are too large for an `Int64` and become floating point.
    private static func integer(_ text: [UInt8]) -> YAMLResolution? {
        var digits = text[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        var radix: UInt64 = 10
        if digits.first == UInt8(ascii: "0"), digits.count > 1 {
            switch digits[digits.startIndex + 1] | 0x20 {
            case UInt8(ascii: "x"): (radix, digits) = (16, digits.dropFirst(2))
            case UInt8(ascii: "o"): (radix, digits) = (8, digits.dropFirst(2))
            case UInt8(ascii: "b"): (radix, digits) = (2, digits.dropFirst(2))
            default: (radix, digits) = (8, digits.dropFirst())
            }
        }
        guard !digits.isEmpty else { return nil }
        var magnitude: UInt64 = 0
        for byte in digits {
            guard let digit = Self.digit(byte), digit < radix else { return nil }
            let (product, overflow) = magnitude.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            magnitude = sum
        }
        if let value = Int64(exactly: magnitude) { return .int(isNegative ? -value : value) }
        if isNegative { return magnitude == 1 << 63 ? .int(.min) : nil }
        return text.first == UInt8(ascii: "+") ? nil : .float(Double(magnitude))
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// A decimal number with a point or an exponent; nil if it is out of range, as in Go.
    private static func float(_ text: [UInt8]) -> Double? {
        guard isFloatSyntax(text), let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value
    }

    /// Whether a text is `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
    static func isFloatSyntax(_ text: some Collection<UInt8>) -> Bool {
        var rest = text[...]
        func isDigit(_ byte: UInt8?) -> Bool {
            byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        }
        func skipDigits() -> Int {
            let count = rest.prefix { isDigit($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let whole = skipDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            if skipDigits() == 0, whole == 0 { return false }
        } else if whole == 0 {
            return false
        }
        if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            if skipDigits() == 0 { return false }
        }
        return rest.isEmpty
    }
}
