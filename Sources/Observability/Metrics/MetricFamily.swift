import Kube

/// A metric with all its series, one for each combination of label values.
///
/// ``Counter``, ``Gauge``, ``Histogram`` and ``Summary`` are families that differ only in their series.
public final class MetricFamily<Metric: Sendable>: Collector {
    /// The series of one combination of label values. Keep a series that is updated often.
    public typealias Series = Metric

    let name: String
    let labels: [String]
    private let help: String
    private let type: String
    private let make: @Sendable () -> Series
    private let write: @Sendable (Series, inout Exposition.Samples) -> Void
    private let table = Locked<[[String]: Series]>([:])

    /// Creates a family whose series `make` creates and `write` writes.
    init(
        name: String, help: String, type: String, labels: [String], make: @escaping @Sendable () -> Series,
        write: @escaping @Sendable (Series, inout Exposition.Samples) -> Void
    ) {
        self.name = name
        self.help = help
        self.type = type
        self.labels = labels
        self.make = make
        self.write = write
        if labels.isEmpty { _ = series([]) }
    }

    /// The series with these label values, in the order of the labels. It starts at 0 and is exposed from now on.
    @discardableResult public func with(_ values: String...) -> Series { series(values) }

    /// Removes the series with these label values.
    public func remove(_ values: [String]) { table.withLock { $0[values] = nil } }

    /// Removes the series whose label values meet a condition, so that deleted objects are no longer exposed.
    public func remove(where isGone: ([String]) -> Bool) {
        table.withLock { table in
            for values in table.keys where isGone(values) { table[values] = nil }
        }
    }

    /// The series with these label values, created on first use.
    func series(_ values: [String]) -> Series {
        precondition(values.count == labels.count, "\(values) are not values for the labels \(labels)")
        return table.withLock { table in
            if let series = table[values] { return series }
            let series = make()
            table[values] = series
            return series
        }
    }

    /// The series with these label values if it exists.
    func find(_ values: [String]) -> Series? { table.withLock { $0[values] } }

    func write(to exposition: inout Exposition) {
        exposition.family(name, help: help, type: type)
        let copy = table.withLock { $0 }
        for (values, series) in copy.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            exposition.samples(of: name, labels: labels, values: values) { write(series, &$0) }
        }
    }
}
