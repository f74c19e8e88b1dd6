import Kube

/// A number that goes up and down, for each combination of label values.
public final class Gauge: MetricFamily {
    /// One combination of label values: keep it where the same series is set often.
    public final class Series: Sendable {
        private let number = Locked(0.0)

        init() {}

        /// Sets the number.
        public func set(_ value: Double) { number.withLock { $0 = value } }
        /// Adds to the number; a negative amount takes away.
        public func add(_ amount: Double) { number.withLock { $0 += amount } }
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

    /// Sets the series with these label values.
    public func set(_ values: String..., to value: Double) { table[values].set(value) }

    /// Adds to the series with these label values; a negative amount takes away.
    public func add(_ values: String..., amount: Double) { table[values].add(amount) }

    /// The number of a series, 0 where it was never set.
    public func value(_ values: String...) -> Double { table.find(values)?.value ?? 0 }

    /// Forgets the series with these label values.
    public func remove(_ values: [String]) { table.remove(values) }

    /// Forgets series, so that what no longer exists is no longer shown.
    public func remove(where isGone: ([String]) -> Bool) { table.removeAll(where: isGone) }

    func write(to exposition: inout Exposition) {
        exposition.family(name, help: help, type: "gauge")
        for (values, series) in table.sorted {
            exposition.sample(name, labels: labels, values: values, series.value)
        }
    }
}
