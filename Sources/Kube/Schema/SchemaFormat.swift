/// The string formats that are checked. Other formats are ignored, as in the API server.
enum SchemaFormat: String {
    case dateTime = "date-time"
    case datetime
    case date
    case goDuration = "duration"
    case base64 = "byte"
    case uuid
    case ipv4
    case hostname

    /// Whether a text has the format.
    func matches(_ text: String) -> Bool {
        switch self {
        case .dateTime, .datetime: Timestamp(text) != nil
        case .date: Timestamp("\(text)T00:00:00Z") != nil
        case .goDuration: Self.isDuration(text)
        case .base64: Self.isBase64(text)
        case .uuid: Self.isUUID(text)
        case .ipv4:
            text.split(separator: ".", omittingEmptySubsequences: false).count == 4
                && text.split(separator: ".").allSatisfy {
                    UInt8($0) != nil && ($0 == "0" || !$0.hasPrefix("0")) && !$0.hasPrefix("+")
                }
        case .hostname:
            !text.isEmpty && text.utf8.count <= 255
                && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                    (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                        && label.utf8.allSatisfy { $0 == UInt8(ascii: "-") || Self.isAlphanumeric($0) || $0 >= 0x80 }
                }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// Whether a text is a duration of Go, `1h30m`, or of Scala, `2 days`, which go-openapi also accepts.
    private static func isDuration(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return true }
        let units: Set<String> = [
            "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "nano", "nanosecond", "micro", "microsecond",
            "milli", "millisecond", "sec", "second", "min", "minute", "hr", "hour", "day", "week", "wk",
        ]
        var parts = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard digits.contains(where: \.isNumber), digits.count(where: { $0 == "." }) <= 1 else { return false }
            rest = rest.dropFirst(digits.count).drop { $0 == " " }
            let unit = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." && $0 != " " }
            guard units.contains(String(unit)) || unit.hasSuffix("s") && units.contains(String(unit.dropLast())) else {
                return false
            }
            rest = rest.dropFirst(unit.count)
            parts += 1
        }
        return parts > 0
    }

    private static func isBase64(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count.isMultiple(of: 4) else { return false }
        let padding = bytes.suffix(2).count { $0 == UInt8(ascii: "=") }
        return bytes.dropLast(padding).allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/")
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        let digits = text.filter { $0 != "-" }
        let groups = text.split(separator: "-", omittingEmptySubsequences: false).map(\.count)
        return digits.count == 32 && digits.allSatisfy(\.isHexDigit) && digits.allSatisfy(\.isASCII)
            && (groups == [8, 4, 4, 4, 12] || groups == [32])
    }
}
