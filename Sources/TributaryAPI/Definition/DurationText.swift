/// A duration in the syntax of Prometheus, such as `1h30m`: `model.ParseDuration` of its common library.
enum DurationText {
    /// A regular expression for durations, in RE2 syntax.
    static let pattern =
        "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$"

    /// The longest duration in whole years: Prometheus counts nanoseconds in 64 bits.
    static let longest = "292y"

    /// The duration in milliseconds; nil if Prometheus cannot read the text.
    static func milliseconds(_ text: String) -> Int64? {
        if text == "0" { return 0 }
        var units: [(name: String, milliseconds: Int64)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
            ("y", 31_536_000_000),
        ]
        var total: Int64 = 0
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(name.count)
            // Units follow each other from the largest to the smallest.
            guard let number = Int64(digits), let unit = units.firstIndex(where: { $0.name == name }) else {
                return nil
            }
            let (product, overflows) = number.multipliedReportingOverflow(by: units[unit].milliseconds)
            let (sum, overflowsToo) = total.addingReportingOverflow(product)
            guard !overflows, !overflowsToo, sum <= Int64.max / 1_000_000 else { return nil }
            total = sum
            units.removeLast(units.count - unit)
        }
        return total
    }
}
