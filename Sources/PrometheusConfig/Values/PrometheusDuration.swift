/// A time span as Prometheus writes it: `1h30m`, `500ms`, units from the largest to the smallest.
public struct PrometheusDuration: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The text as it was given.
    public var description: String
    /// The span in milliseconds.
    public var milliseconds: Int64

    /// Reads a span, by `model.ParseDuration`; nil for anything that Prometheus would refuse.
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
            // Go counts in nanoseconds.
            guard !overflows, !overflowsToo, sum <= Int64.max / 1_000_000 else { return nil }
            total = sum
            next = unit + 1
        }
        milliseconds = total
        description = text
    }

    /// Whether the left span is shorter.
    public static func < (left: PrometheusDuration, right: PrometheusDuration) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
