/// Recognizes the dates that go-yaml v2 reads as timestamps.
///
/// They matter only for the timestamp tag and for writing strings.
enum YAMLTimestamp {
    /// Whether a text starts like a date: year, month and day, followed by nothing, a blank or a `T`.
    static func isTimestamp(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        func digits(_ range: ClosedRange<Int>) -> Bool {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return range.contains(count)
        }
        func dash() -> Bool {
            guard rest.first == UInt8(ascii: "-") else { return false }
            rest = rest.dropFirst()
            return true
        }
        guard digits(4...4), dash(), digits(1...2), dash(), digits(1...2) else { return false }
        guard let next = rest.first else { return true }
        return next | 0x20 == UInt8(ascii: "t") || next == UInt8(ascii: " ") || next == UInt8(ascii: "\t")
    }
}
