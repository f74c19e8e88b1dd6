import Kube

/// A number that increases and decreases, for each combination of label values.
public typealias Gauge = MetricFamily<GaugeSeries>

/// The number of a ``Gauge`` for one combination of label values.
public final class GaugeSeries: Sendable {
    private let number = Locked(0.0)

    /// Sets the number.
    public func set(_ value: Double) { number.withLock { $0 = value } }
    /// Adds to the number; a negative amount subtracts.
    public func add(_ amount: Double) { number.withLock { $0 += amount } }
    /// The current number.
    public var value: Double { number.withLock { $0 } }
}

extension MetricFamily<GaugeSeries> {
    convenience init(name: String, help: String, labels: [String]) {
        self.init(name: name, help: help, type: "gauge", labels: labels, make: { GaugeSeries() }) {
            $1.sample($0.value)
        }
    }

    /// Sets the series with these label values.
    public func set(_ values: String..., to value: Double) { series(values).set(value) }

    /// The number of the series with these label values; 0 if it does not exist.
    public func value(_ values: String...) -> Double { find(values)?.value ?? 0 }
}
