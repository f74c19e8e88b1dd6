import Kube

/// The metrics of a process, and their text for Prometheus to scrape.
///
/// Names are given once each: asking again for a name returns the metric that is there, so that two parts can share it.
public final class MetricsRegistry: Sendable {
    /// The content type of ``text()``: the text exposition format 0.0.4.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private struct State {
        var families: [String: any MetricFamily] = [:]
        var beforeScrape: [@Sendable () -> Void] = []
    }

    private let state = Locked(State())

    /// A registry without metrics.
    public init() {}

    /// A number that only goes up; its name ends in `_total` by Prometheus's conventions.
    public func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
        add(Counter(name: name, help: help, labels: labels))
    }

    /// A number that goes up and down.
    public func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
        add(Gauge(name: name, help: help, labels: labels))
    }

    /// How often values fell below each of some upper bounds; bounds rise, and `+Inf` is added.
    public func histogram(_ name: String, help: String, labels: [String] = [], buckets: [Double]) -> Histogram {
        add(Histogram(name: name, help: help, labels: labels, buckets: buckets))
    }

    /// How many values there were and their sum, without quantiles.
    public func summary(_ name: String, help: String, labels: [String] = []) -> Summary {
        add(Summary(name: name, help: help, labels: labels))
    }

    /// Runs a closure before each scrape, to set gauges that are only worth computing then.
    public func beforeScrape(_ update: @escaping @Sendable () -> Void) {
        state.withLock { $0.beforeScrape.append(update) }
    }

    /// All metrics in the text exposition format 0.0.4: families by name, series by label values.
    public func text() -> String {
        for update in state.withLock({ $0.beforeScrape }) { update() }
        let families = state.withLock { Array($0.families.values) }
        var exposition = Exposition()
        for family in families.sorted(by: { $0.name < $1.name }) { family.write(to: &exposition) }
        return exposition.text
    }

    /// Adds a family, or returns the one of that name; a name that already means another kind of metric is a mistake in
    /// this program and stops it.
    func add<Family: MetricFamily>(_ family: Family) -> Family {
        precondition(Exposition.isValidName(family.name), "\(family.name) is not a metric name")
        let existing = state.withLock { state in
            if let existing = state.families[family.name] { return existing }
            state.families[family.name] = family
            return family as any MetricFamily
        }
        guard let same = existing as? Family, same.labels == family.labels else {
            preconditionFailure("the metric \(family.name) is registered twice, with another type or other labels")
        }
        return same
    }
}

/// A metric with all its series, which share the name, the help text and the label names.
protocol MetricFamily: Sendable {
    var name: String { get }
    var labels: [String] { get }
    func write(to exposition: inout Exposition)
}
