/// Something that exposes one metric.
protocol Collector: Sendable {
    /// The name of the metric.
    var name: String { get }
    /// The names of its labels.
    var labels: [String] { get }
    /// Writes the metric with all its series.
    func write(to exposition: inout Exposition)
}
