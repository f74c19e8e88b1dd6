import Kube

/// A number that only goes up, for each combination of label values.
public final class Counter: MetricFamily {
    /// One combination of label values: keep it where the same series is counted often.
    public final class Series: Sendable {
        private let number = Locked(0.0)

        init() {}

        /// Adds to the number; amounts below zero are left out, since counters never go down.
        public func increment(by amount: Double = 1) {
            guard amount >= 0 else { return }
            number.withLock { $0 += amount }
        }

        /// The number now.
        public var value: Double { number.withLock { $0 } }
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

    /// Adds to the series with these label values.
    public func increment(_ values: String..., by amount: Double = 1) { table[values].increment(by: amount) }

    /// The number of a series, 0 where it was never counted.
    public func value(_ values: String...) -> Double { table.find(values)?.value ?? 0 }

    /// Forgets series, so that what no longer exists is no longer shown.
    public func remove(where isGone: ([String]) -> Bool) { table.removeAll(where: isGone) }

    func write(to exposition: inout Exposition) {
        exposition.family(name, help: help, type: "counter")
        for (values, series) in table.sorted {
            exposition.sample(name, labels: labels, values: values, series.value)
        }
    }
}
