import Kube

/// How many values there were and what they add up to, for each combination of label values: a summary without
/// quantiles.
public final class Summary: MetricFamily {
    /// One combination of label values: keep it where the same series is observed often.
    public final class Series: Sendable {
        private let numbers = Locked((count: UInt64(0), sum: 0.0))

        init() {}

        /// Counts a value.
        public func observe(_ value: Double) {
            numbers.withLock { numbers in
                numbers.count += 1
                numbers.sum += value
            }
        }

        /// Counts a time span, in seconds.
        public func observe(_ duration: Duration) { observe(duration.seconds) }

        /// How many values were counted.
        public var count: UInt64 { numbers.withLock { $0.count } }
        /// The sum of the values.
        public var sum: Double { numbers.withLock { $0.sum } }
    }

    let name: String
    private let help: String
    private let table: SeriesTable<Series>
    var labels: [String] { table.labels }

    init(name: String, help: String, labels: [String]) {
        self.name = name
        self.help = help
        table = SeriesTable(labels: labels) { Series() }
    }

    /// The series with these label values, in the order of the labels; starts at 0 and is shown from now on.
    @discardableResult public func with(_ values: String...) -> Series { table[values] }

    func write(to exposition: inout Exposition) {
        exposition.family(name, help: help, type: "summary")
        for (values, series) in table.sorted {
            exposition.sample("\(name)_sum", labels: labels, values: values, series.sum)
            exposition.sample("\(name)_count", labels: labels, values: values, Double(series.count))
        }
    }
}
