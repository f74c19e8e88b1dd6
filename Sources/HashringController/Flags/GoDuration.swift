/// A duration as Go's `time.ParseDuration` reads it: `300ms`, `1.5h`, `2m30s`; `0` needs no unit.
public struct GoDuration: Sendable, Hashable {
    /// The duration; never negative.
    public var duration: Duration

    /// Reads a duration; nil if Go would refuse it, if it is negative, or if it exceeds 290 years.
    public init?(_ text: String) {
        var rest = Substring(text)
        if rest.hasPrefix("+") { rest = rest.dropFirst() }
        if rest == "0" {
            duration = .zero
            return
        }
        guard !rest.isEmpty else { return nil }
        var nanoseconds = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber) && $0 != "." }
            rest = rest.dropFirst(unit.count)
            let digits = number.filter { $0 != "." }
            guard !digits.isEmpty, number.count - digits.count <= 1, let scale = Self.units[String(unit)],
                let value = Double(number.contains(".") ? "0\(number)0" : "\(number)")
            else { return nil }
            nanoseconds += value * scale
        }
        guard nanoseconds < 9.2e18 else { return nil }
        duration = .nanoseconds(Int64(nanoseconds.rounded()))
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]
}
