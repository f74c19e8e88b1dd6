import Kube

/// The series of one metric, by their label values.
final class SeriesTable<Series: Sendable>: Sendable {
    let labels: [String]
    private let table = Locked<[[String]: Series]>([:])
    private let make: @Sendable () -> Series

    init(labels: [String], make: @escaping @Sendable () -> Series) {
        self.labels = labels
        self.make = make
        if labels.isEmpty { _ = self[[]] }
    }

    /// The series of some label values, made when first asked for.
    subscript(values: [String]) -> Series {
        precondition(values.count == labels.count, "\(values) are not values for the labels \(labels)")
        return table.withLock { table in
            if let series = table[values] { return series }
            let series = make()
            table[values] = series
            return series
        }
    }

    func find(_ values: [String]) -> Series? { table.withLock { $0[values] } }

    func remove(_ values: [String]) { table.withLock { $0[values] = nil } }

    func removeAll(where isGone: ([String]) -> Bool) {
        table.withLock { table in
            for values in table.keys where isGone(values) { table[values] = nil }
        }
    }

    var sorted: [(values: [String], series: Series)] {
        let copy = table.withLock { $0 }
        return copy.map { ($0.key, $0.value) }.sorted { $0.values.lexicographicallyPrecedes($1.values) }
    }
}
