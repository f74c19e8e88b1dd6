import Kube

/// The number of observations and their sum, without quantiles, for each combination of label values.
public typealias Summary = MetricFamily<SummarySeries>

/// The observations of a ``Summary`` for one combination of label values.
public final class SummarySeries: Sendable {
    private let numbers = Locked((count: UInt64(0), sum: 0.0))

    /// Observes a value.
    public func observe(_ value: Double) {
        numbers.withLock { numbers in
            numbers.count += 1
            numbers.sum += value
        }
    }

    /// Observes a duration in seconds.
    public func observe(_ duration: Duration) { observe(duration.seconds) }

    /// The number of observations.
    public var count: UInt64 { numbers.withLock { $0.count } }
    /// The sum of the observed values.
    public var sum: Double { numbers.withLock { $0.sum } }
}

extension MetricFamily<SummarySeries> {
    convenience init(name: String, help: String, labels: [String]) {
        self.init(name: name, help: help, type: "summary", labels: labels, make: { SummarySeries() }) {
            $1.sample("_sum", $0.sum)
            $1.sample("_count", Double($0.count))
        }
    }
}

extension Duration {
    /// The duration in seconds.
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
