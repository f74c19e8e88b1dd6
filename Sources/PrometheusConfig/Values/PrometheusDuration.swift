/// A duration in the syntax of Prometheus, such as `1h30m` or `500ms`, with units from the largest to the smallest.
public struct PrometheusDuration: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The text from which the duration was read.
    public var description: String
    /// The duration in milliseconds.
    public var milliseconds: Int64

    /// Reads a duration like `model.ParseDuration`; nil for a text that Prometheus refuses.
    public init?(_ text: String) {
        let units: [(name: String, milliseconds: Int64)] = [
            ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
            ("ms", 1),
        ]
        var total: Int64 = 0
        var next = 0
        var rest = Substring(text)
        guard !text.isEmpty else { return nil }
        while !rest.isEmpty && text != "0" {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let number = Int64(digits), let unit = units[next...].firstIndex(where: { $0.name == name }) else {
                return nil
            }
            let (product, overflows) = number.multipliedReportingOverflow(by: units[unit].milliseconds)
            let (sum, overflowsToo) = total.addingReportingOverflow(product)
            // Go stores durations in nanoseconds.
            guard !overflows, !overflowsToo, sum <= Int64.max / 1_000_000 else { return nil }
            total = sum
            next = unit + 1
        }
        milliseconds = total
        description = text
    }

    /// Whether the left duration is shorter than the right one.
    public static func < (left: PrometheusDuration, right: PrometheusDuration) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The problem of a text that is not a duration.
    static func problem(_ text: String) -> String {
        "\"\(text)\" is not a valid duration; expected for example 30s or 1m"
    }
}
