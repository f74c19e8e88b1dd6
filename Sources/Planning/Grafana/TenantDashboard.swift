public import Kube

/// The dashboard of a tenant: what arrives, its limits, how far its agents are behind, and which targets fail.
///
/// It uses only series that a tenant has itself: `up`, what Prometheus adds to each scrape, and the metrics of agents
/// that scrape themselves.
public enum TenantDashboard {
    /// The identifier of the dashboard, the same in each organization.
    public static let uid = "tributary-tenant"

    /// The dashboard's JSON, for Grafana 7.5 and later.
    public static func json(_ limits: DashboardLimits) -> JSON {
        [
            "uid": JSON(uid), "title": "Tenant: what arrives", "tags": ["tributary"], "timezone": "",
            "editable": true, "schemaVersion": 27, "refresh": "1m", "time": ["from": "now-6h", "to": "now"],
            "annotations": ["list": []], "links": [],
            "templating": [
                "list": [
                    [
                        "name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus",
                        "current": [:], "hide": 0, "includeAll": false, "multi": false, "options": [], "refresh": 1,
                        "regex": "", "skipUrlSync": false,
                    ]
                ]
            ],
            "panels": .array(panels(limits).enumerated().map { $1.json(id: $0 + 1) }),
        ]
    }

    /// How far the newest sample that an agent has sent is behind the newest that it has read, in seconds.
    private static let lag = """
        max by (instance) (prometheus_remote_storage_highest_timestamp_in_seconds) \
        - min by (instance) (prometheus_remote_storage_queue_highest_sent_timestamp_seconds != 0)
        """

    private static func panels(_ limits: DashboardLimits) -> [DashboardPanel] {
        overview + arriving(limits) + agents + targets
    }

    private static let overview: [DashboardPanel] = [
        DashboardPanel(title: "Overview", shape: .row, place: (0, 0, 24, 1)),
        DashboardPanel(
            title: "Series", text: "Series that the scraped targets have after relabelling.", shape: .stat,
            place: (0, 1, 6, 4),
            queries: [.init(expression: "sum(scrape_samples_post_metric_relabeling)", legend: "series")]),
        DashboardPanel(
            title: "Targets", text: "Targets that are scraped.", shape: .stat, place: (6, 1, 6, 4),
            queries: [.init(expression: "count(up)", legend: "targets")]),
        DashboardPanel(
            title: "Failing targets", text: "Targets whose last scrape failed.", shape: .stat, place: (12, 1, 6, 4),
            redFrom: 1, queries: [.init(expression: "count(up == 0) or vector(0)", legend: "failing")]),
        DashboardPanel(
            title: "Lag", text: "How far the agent that is furthest behind has to catch up.", shape: .stat, unit: "s",
            place: (18, 1, 6, 4), redFrom: 300, queries: [.init(expression: "max(\(lag))", legend: "lag")]),
    ]

    private static func arriving(_ limits: DashboardLimits) -> [DashboardPanel] {
        func limit(_ value: Int64?, _ name: String) -> [DashboardPanel.Query] {
            guard let value, value > 0 else { return [] }
            return [.init(expression: "vector(\(value))", legend: "limit: \(name)")]
        }
        return [
            DashboardPanel(title: "What arrives", shape: .row, place: (0, 5, 24, 1)),
            DashboardPanel(
                title: "Series by job",
                text: "Series after relabelling, by job, and the limit of the tenant if it has one.",
                shape: .timeseries, place: (0, 6, 12, 8),
                queries: [
                    .init(
                        expression: "topk(20, sum by (job) (scrape_samples_post_metric_relabeling))",
                        legend: "{{job}}")
                ] + limit(limits.headSeries, "series")),
            DashboardPanel(
                title: "New series by job", text: "Series that were not in the scrape before: churn.",
                shape: .timeseries, place: (12, 6, 12, 8),
                queries: [
                    .init(
                        expression: "topk(20, sum by (job) (sum_over_time(scrape_series_added[5m])))",
                        legend: "{{job}}")
                ]),
            DashboardPanel(
                title: "Samples sent",
                text: "Samples per second that agents send, and those that were refused or lost.",
                shape: .timeseries, unit: "cps", place: (0, 14, 12, 8),
                queries: [
                    .init(expression: "sum(rate(prometheus_remote_storage_samples_total[5m]))", legend: "sent"),
                    .init(
                        expression: "sum(rate(prometheus_remote_storage_samples_failed_total[5m]))",
                        legend: "refused: limits or errors"),
                    .init(
                        expression: "sum(rate(prometheus_remote_storage_samples_retried_total[5m]))",
                        legend: "sent again"),
                ]),
            DashboardPanel(
                title: "Samples in a request",
                text: "The largest write request that agents make, and the limit of the tenant if it has one.",
                shape: .timeseries, place: (12, 14, 12, 8),
                queries: [
                    .init(
                        expression: "max(prometheus_remote_storage_max_samples_per_send)",
                        legend: "largest request")
                ] + limit(limits.samplesPerRequest, "samples in a request")),
        ]
    }

    private static let agents: [DashboardPanel] = [
        DashboardPanel(title: "Agents", shape: .row, place: (0, 22, 24, 1)),
        DashboardPanel(
            title: "Lag by agent",
            text:
                "How far the newest sample sent is behind the newest sample scraped. Agents have to scrape themselves.",
            shape: .timeseries, unit: "s", place: (0, 23, 12, 8),
            queries: [.init(expression: lag, legend: "{{instance}}")]),
        DashboardPanel(
            title: "Samples that wait", text: "Samples in the queues of agents.", shape: .timeseries,
            place: (12, 23, 12, 8),
            queries: [
                .init(
                    expression: "sum by (instance) (prometheus_remote_storage_samples_pending)",
                    legend: "{{instance}}")
            ]),
    ]

    private static let targets: [DashboardPanel] = [
        DashboardPanel(title: "Targets", shape: .row, place: (0, 31, 24, 1)),
        DashboardPanel(
            title: "Failing targets", text: "Targets whose last scrape failed.", shape: .table, place: (0, 32, 12, 8),
            queries: [.init(expression: "up == 0", legend: "")]),
        DashboardPanel(
            title: "Slowest scrapes", text: "The targets that take longest to scrape.", shape: .timeseries, unit: "s",
            place: (12, 32, 12, 8),
            queries: [
                .init(
                    expression: "topk(10, max by (job, instance) (scrape_duration_seconds))",
                    legend: "{{job}} {{instance}}")
            ]),
    ]
}
