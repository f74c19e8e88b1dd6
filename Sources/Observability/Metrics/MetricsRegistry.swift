import Kube

/// The metrics of a process, exposed as text for Prometheus.
///
/// A second request for the same name returns the existing metric, so that two parts of the program can share it.
public final class MetricsRegistry: Sendable {
    /// The content type of ``text()``: the text exposition format 0.0.4.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private struct State {
        var collectors: [String: any Collector] = [:]
        var beforeScrape: [@Sendable () -> Void] = []
    }

    private let state = Locked(State())

    /// Creates an empty registry.
    public init() {}

    /// A number that only increases. By convention of Prometheus, its name ends in `_total`.
    public func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
        add(Counter(name: name, help: help, labels: labels))
    }

    /// A number that increases and decreases.
    public func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
        add(Gauge(name: name, help: help, labels: labels))
    }

    /// A distribution over buckets with these upper bounds, in ascending order; `+Inf` is added.
    func histogram(_ name: String, help: String, labels: [String] = [], buckets: [Double]) -> Histogram {
        add(Histogram(name: name, help: help, labels: labels, buckets: buckets))
    }

    /// A number of observations and their sum, without quantiles.
    public func summary(_ name: String, help: String, labels: [String] = []) -> Summary {
        add(Summary(name: name, help: help, labels: labels))
    }

    /// Runs a closure before each scrape, for gauges that are computed only then.
    public func beforeScrape(_ update: @escaping @Sendable () -> Void) {
        state.withLock { $0.beforeScrape.append(update) }
    }

    /// All metrics in the text exposition format 0.0.4, sorted by name and label values.
    public func text() -> String {
        for update in state.withLock({ $0.beforeScrape }) { update() }
        let collectors = state.withLock { Array($0.collectors.values) }
        var exposition = Exposition()
        for collector in collectors.sorted(by: { $0.name < $1.name }) { collector.write(to: &exposition) }
        return exposition.text
    }

    /// Adds a metric, or returns the existing one of that name.
    ///
    /// An existing metric of another type or with other labels is a programming error and stops the process: names, types and
    /// labels are written in the sources, so the first start shows it, and no input decides them.
    func add<Metric: Collector>(_ metric: Metric) -> Metric {
        precondition(Exposition.isValidName(metric.name), "\(metric.name) is not a valid metric name")
        let existing = state.withLock { state in
            if let existing = state.collectors[metric.name] { return existing }
            state.collectors[metric.name] = metric
            return metric as any Collector
        }
        guard let same = existing as? Metric, same.labels == metric.labels else {
            // Only the sources decide this: see above.
            preconditionFailure("the metric \(metric.name) is registered twice with different types or labels")
        }
        return same
    }
}
