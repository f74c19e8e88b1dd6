import Kube

/// The distribution of observed values over buckets, for each combination of label values.
public typealias Histogram = MetricFamily<HistogramSeries>

/// The observations of a ``Histogram`` for one combination of label values.
public final class HistogramSeries: Sendable {
    private struct Numbers {
        /// The observations in each bucket, the last of which is unbounded.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let numbers: Locked<Numbers>

    /// Creates a series whose buckets have these finite upper bounds, in ascending order.
    init(bounds: [Double]) {
        self.bounds = bounds
        numbers = Locked(Numbers(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Observes a value.
    public func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        numbers.withLock { numbers in
            numbers.counts[bucket] += 1
            numbers.sum += value
        }
    }

    /// Observes a duration in seconds.
    public func observe(_ duration: Duration) { observe(duration.seconds) }

    /// The number of observations.
    public var count: UInt64 { numbers.withLock { $0.counts.reduce(0, +) } }
    /// The sum of the observed values.
    public var sum: Double { numbers.withLock { $0.sum } }

    fileprivate func write(to samples: inout Exposition.Samples) {
        let numbers = numbers.withLock { $0 }
        var total: UInt64 = 0
        for (count, bound) in zip(numbers.counts, bounds + [.infinity]) {
            total += count
            samples.sample("_bucket", Double(total), label: ("le", Exposition.number(bound)))
        }
        samples.sample("_sum", numbers.sum)
        samples.sample("_count", Double(total))
    }
}

extension MetricFamily<HistogramSeries> {
    convenience init(name: String, help: String, labels: [String], buckets: [Double]) {
        precondition(
            zip(buckets, buckets.dropFirst()).allSatisfy(<), "the bounds of \(name) are not in ascending order")
        let bounds = buckets.filter(\.isFinite)
        self.init(
            name: name, help: help, type: "histogram", labels: labels, make: { HistogramSeries(bounds: bounds) },
            write: { $0.write(to: &$1) })
    }

    /// Observes a value in the series with these label values.
    func observe(_ values: String..., value: Double) { series(values).observe(value) }
}
