/// How to ask a view's query API for the series of all its tenants at once.
///
/// Prometheus writes `scrape_samples_post_metric_relabeling` for each target and scrape: its value is the number of the
/// target's series. So the query API looks at one series for each target, not at all series.
public struct SeriesQuestion: Sendable, Hashable {
    /// The query API, without a trailing slash.
    public var url: String
    /// The label with the tenant's id on each series.
    public var label: String
    /// The authorities that the certificate of the query API is checked with, in PEM; nil for those of the system.
    public var authorities: [UInt8]?
    /// The header Authorization; nil for none.
    public var authorization: String?

    /// The metric that is asked for.
    package static let metric = "scrape_samples_post_metric_relabeling"
    /// The label by which the answer tells its two figures apart.
    public static let figureLabel = "tributary_figure"

    /// A question.
    public init(url: String, label: String) {
        self.url = String(url.trimmingSuffix { $0 == "/" })
        self.label = label
    }

    /// The expression: for each tenant the number of its series, and the time of its newest sample.
    public var expression: String {
        let samples = "\(Self.metric){\(label)!=\"\"}"
        func figure(_ name: String, _ expression: String) -> String {
            "label_replace(\(expression), \"\(Self.figureLabel)\", \"\(name)\", \"\", \"\")"
        }
        return figure("series", "sum by (\(label)) (\(samples))") + " or "
            + figure("last", "max by (\(label)) (timestamp(\(samples)))")
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> SubSequence {
        var rest = self[...]
        while let last = rest.last, matches(last) { rest = rest.dropLast() }
        return rest
    }
}
