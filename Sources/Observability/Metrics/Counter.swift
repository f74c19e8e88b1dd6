import Kube

/// A number that only increases, for each combination of label values.
public typealias Counter = MetricFamily<CounterSeries>

/// The number of a ``Counter`` for one combination of label values.
public final class CounterSeries: Sendable {
    private let number = Locked(0.0)

    /// Adds to the number. Negative amounts are ignored because counters never decrease.
    public func increment(by amount: Double = 1) {
        guard amount >= 0 else { return }
        number.withLock { $0 += amount }
    }

    /// The current number.
    public var value: Double { number.withLock { $0 } }
}

extension MetricFamily<CounterSeries> {
    convenience init(name: String, help: String, labels: [String]) {
        self.init(name: name, help: help, type: "counter", labels: labels, make: { CounterSeries() }) {
            $1.sample($0.value)
        }
    }

    /// Adds to the series with these label values.
    public func increment(_ values: String..., by amount: Double = 1) { series(values).increment(by: amount) }

    /// The number of the series with these label values; 0 if it does not exist.
    public func value(_ values: String...) -> Double { find(values)?.value ?? 0 }
}
