import Kube

/// The write limits of a global view: those of each tenant by default, and those of all tenants together.
public struct ReceiveLimitsSpec: Sendable, Hashable, Codable {
    /// Write limits of each tenant without limits of its own; `default` in the object.
    public var defaults: LimitsSpec?
    /// Limits of all tenants together, and how head series are counted.
    public var global: GlobalLimitsSpec?

    enum CodingKeys: String, CodingKey {
        case defaults = "default"
        case global
    }

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        defaults?.checkRules(at: path.appending("default"), &errors)
    }

    static let rules: [CheckedRule<ReceiveLimitsSpec>] = [
        CheckedRule(
            """
            !has(self.default) || !has(self.default.headSeriesLimit) || self.default.headSeriesLimit == 0 || \
            (has(self.global) && has(self.global.metaMonitoringURL))
            """,
            "requires global.metaMonitoringURL, from which receivers learn how many series each tenant has",
            at: "default.headSeriesLimit"
        ) { limits in
            (limits.defaults?.headSeriesLimit ?? 0) == 0 || limits.global?.metaMonitoringURL != nil
        }
    ]

    static let schema = Schema.object(
        [
            "default": LimitsSpec.schema(
                """
                Write limits of each tenant without limits of its own. A Tenant inherits every limit that it \
                does not set. Defaults to no limits.
                """),
            "global": GlobalLimitsSpec.schema,
        ],
        description: """
            Write limits, published in the ConfigMap that routers read with --receive.limits-config-file. \
            What exceeds a limit is rejected and lost: Prometheus does not send it again.
            """
    ).with(rules: rules)
}

/// Limits of all tenants together, and how head series are counted.
public struct GlobalLimitsSpec: Sendable, Hashable, Codable {
    /// The maximum number of concurrent write requests of each router; further requests wait.
    public var maxConcurrency: Int?
    /// The URL of the Prometheus API that serves the number of head series of each tenant.
    public var metaMonitoringURL: String?
    /// The query that returns the number of head series for each value of the label tenant.
    public var metaMonitoringLimitQuery: String?

    static let schema = Schema.object(
        [
            "maxConcurrency": .count(
                """
                The maximum number of concurrent write requests of each router; further requests wait. Defaults \
                to 0, which means no limit.
                """),
            "metaMonitoringURL": .url(
                """
                The URL of the Prometheus API that serves the number of head series of each tenant, such as \
                http://prometheus.monitoring.svc:9090. Routers query it every 15 s if it is set when they start; \
                restart routers that were started without it. While it does not answer, head series are not \
                limited.
                """),
            "metaMonitoringLimitQuery": .text(
                """
                The query that returns the number of head series for each value of the label tenant. Defaults to \
                sum(prometheus_tsdb_head_series) by (tenant).
                """, max: 4096),
        ], description: "Limits of all tenants together, and how head series are counted.")
}
