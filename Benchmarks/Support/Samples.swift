/// Times of repeated measurements.
struct Samples {
    private(set) var values: [Duration] = []

    mutating func add(_ value: Duration) { values.append(value) }

    var median: Duration { percentile(50) }

    /// A percentile by nearest rank: the smallest value that this percentage of samples does not exceed.
    func percentile(_ percent: Int) -> Duration {
        guard !values.isEmpty else { return .zero }
        let rank = (values.count * percent + 99) / 100
        return values.sorted()[max(rank, 1) - 1]
    }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }
    var seconds: Double { self / .seconds(1) }

    /// The time in a suitable unit.
    var text: String { self < .seconds(1) ? "\(milliseconds.short) ms" : "\(seconds.short) s" }
}

extension Double {
    /// The number, with one digit after the point if it is small.
    var short: String {
        let tenths = (self * 10).rounded()
        if tenths.magnitude >= 1000 || tenths.truncatingRemainder(dividingBy: 10) == 0 {
            return String(Int(rounded()))
        }
        return String(tenths / 10)
    }
}
