/// Times of the same thing, measured again and again.
struct Samples {
    private var values: [Duration] = []

    mutating func add(_ value: Duration) { values.append(value) }

    var median: Duration { percentile(50) }

    /// The nearest rank: the smallest value that is not exceeded by so many of a hundred.
    func percentile(_ percent: Int) -> Duration {
        guard !values.isEmpty else { return .zero }
        let rank = (values.count * percent + 99) / 100
        return values.sorted()[max(rank, 1) - 1]
    }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }
    var seconds: Double { self / .seconds(1) }

    /// In the unit that suits.
    var text: String { self < .seconds(1) ? "\(milliseconds.short) ms" : "\(seconds.short) s" }
}

extension Double {
    /// With one digit after the point where it says something.
    var short: String {
        let tenths = (self * 10).rounded()
        if tenths.magnitude >= 1000 || tenths.truncatingRemainder(dividingBy: 10) == 0 {
            return String(Int(rounded()))
        }
        return String(tenths / 10)
    }
}
