import Kube

/// How often values fell at or below each of some upper bounds, for each combination of label values.
public final class Histogram: MetricFamily {
    /// One combination of label values: keep it where the same series is observed often.
    public final class Series: Sendable {
        struct Numbers {
            var counts: [UInt64]
            var sum = 0.0
        }

        private let buckets: [Double]
        private let numbers: Locked<Numbers>

        init(buckets: [Double]) {
            self.buckets = buckets
            numbers = Locked(Numbers(counts: Array(repeating: 0, count: buckets.count + 1)))
        }

        /// Counts a value.
        public func observe(_ value: Double) {
            let bucket = buckets.firstIndex { value <= $0 } ?? buckets.count
            numbers.withLock { numbers in
                numbers.counts[bucket] += 1
                numbers.sum += value
            }
        }

        /// Counts a time span, in seconds.
        public func observe(_ duration: Duration) { observe(duration.seconds) }

        /// How many values were counted.
        public var count: UInt64 { numbers.withLock { $0.counts.reduce(0, +) } }
        /// The sum of the values.
        public var sum: Double { numbers.withLock { $0.sum } }

        var snapshot: Numbers { numbers.withLock { $0 } }
    }

    let name: String
    private let help: String
    private let buckets: [Double]
    private let table: SeriesTable<Series>
    var labels: [String] { table.labels }

    init(name: String, help: String, labels: [String], buckets: [Double]) {
        precondition(zip(buckets, buckets.dropFirst()).allSatisfy(<), "the bounds of \(name) do not rise")
        self.name = name
        self.help = help
        self.buckets = buckets.filter(\.isFinite)
        let finite = self.buckets
        table = SeriesTable(labels: labels) { Series(buckets: finite) }
    }

    /// The series with these label values, in the order of the labels; starts at 0 and is shown from now on.
    @discardableResult public func with(_ values: String...) -> Series { table[values] }

    /// Counts a value in the series with these label values.
    public func observe(_ values: String..., value: Double) { table[values].observe(value) }

    /// Forgets series, so that what no longer exists is no longer shown.
    public func remove(where isGone: ([String]) -> Bool) { table.removeAll(where: isGone) }

    func write(to exposition: inout Exposition) {
        exposition.family(name, help: help, type: "histogram")
        for (values, series) in table.sorted {
            let numbers = series.snapshot
            var total: UInt64 = 0
            for (count, bound) in zip(numbers.counts, buckets + [.infinity]) {
                total += count
                exposition.sample(
                    "\(name)_bucket", labels: labels + ["le"], values: values + [Exposition.number(bound)],
                    Double(total))
            }
            exposition.sample("\(name)_sum", labels: labels, values: values, numbers.sum)
            exposition.sample("\(name)_count", labels: labels, values: values, Double(total))
        }
    }
}

extension Duration {
    /// The span in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
