import Kube

/// The write limits of a global view: what holds for all tenants, and how head series are counted.
public struct ReceiveLimitsSpec: Sendable, Hashable, Codable {
    public var defaults: LimitsSpec?
    public var global: GlobalLimitsSpec?

    enum CodingKeys: String, CodingKey {
        case defaults = "default"
        case global
    }

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        defaults?.validate(at: path.appending("default"), &errors)
    }

    static let rules: [CheckedRule<ReceiveLimitsSpec>] = [
        CheckedRule(
            """
            !has(self.default) || !has(self.default.headSeriesLimit) || self.default.headSeriesLimit == 0 || \
            (has(self.global) && has(self.global.metaMonitoringURL))
            """,
            "needs global.metaMonitoringURL, by which receivers learn how many series each tenant has",
            at: "default.headSeriesLimit"
        ) { limits in
            (limits.defaults?.headSeriesLimit ?? 0) == 0 || limits.global?.metaMonitoringURL != nil
        }
    ]

    static let schema = Schema.object(
        [
            "default": LimitsSpec.schema(
                """
                How much each tenant may write that has no limit of its own; what a Tenant's limits do not say is \
                inherited from here. Defaults to no limits.
                """),
            "global": GlobalLimitsSpec.schema,
        ],
        description: """
            How much may be written, in the ConfigMap that routers read with --receive.limits-config-file. What is \
            beyond a limit is refused, and lost: Prometheus does not send it again.
            """
    ).with(rules: rules)
}

/// The limits of all tenants together.
public struct GlobalLimitsSpec: Sendable, Hashable, Codable {
    public var maxConcurrency: Int?
    public var metaMonitoringURL: String?
    public var metaMonitoringLimitQuery: String?

    static let schema = Schema.object(
        [
            "maxConcurrency": .count(
                "How many write requests each router works on at a time; others wait. Defaults to 0: no limit."),
            "metaMonitoringURL": .url(
                """
                The Prometheus API that knows how many series each tenant has in the receivers, such as \
                http://prometheus.monitoring.svc:9090. Routers ask it every 15 s, from when they start: those that \
                were started without it have to be restarted. While it does not answer, head series are not limited.
                """),
            "metaMonitoringLimitQuery": .text(
                """
                What it is asked; the answer's label tenant tells whose each number is. Defaults to \
                sum(prometheus_tsdb_head_series) by (tenant).
                """, max: 4096),
        ], description: "What holds for all tenants together, and how head series are counted.")
}
