import Kube

/// The desired state of a global view.
public struct GlobalViewSpec: Sendable, Hashable, Codable {
    /// The label of each series that holds the id of its tenant.
    public var tenantLabel: String?
    /// Thanos Receive: hashrings whose file follows the receivers and the tenants.
    public var thanos: ThanosSpec?
    /// A central Prometheus that receives remote writes.
    public var prometheus: PrometheusSpec?
    /// A service that others run, such as Mimir, Cortex or a hosted service.
    public var external: ExternalSpec?
    /// An Ingress through which agents outside of the cluster can write.
    public var ingress: IngressSpec?
    /// Settings shared by the read proxies of all tenants.
    public var readProxy: ReadProxySpec?
    /// Settings shared by the Grafana datasources of all tenants.
    public var grafana: GrafanaDefaults?
    /// Whether the operator leaves everything that belongs to this view unchanged.
    public var paused: Bool?
}

extension GlobalViewSpec {
    static let rules: [CheckedRule<GlobalViewSpec>] = [
        .exactlyOne(of: [
            .init("prometheus") { $0.prometheus != nil }, .init("thanos") { $0.thanos != nil },
            .init("external") { $0.external != nil },
        ]),
        CheckedRule(
            "!(has(self.ingress) && has(self.external))",
            """
            should be absent with "external": agents write to external.writeURL, and an Ingress leads into \
            this cluster
            """,
            at: "ingress"
        ) { $0.ingress == nil || $0.external == nil },
    ]

    static let schema = Schema.object(
        [
            "tenantLabel": .text(
                """
                The label of each series that holds the id of its tenant. Agents add it; read proxies enforce \
                it. Defaults to tenant_id with thanos, where --receive.tenant-label-name of the receivers must \
                be the same, and to tenant otherwise.
                """, max: 128, pattern: LabelNameSyntax.pattern),
            "thanos": ThanosSpec.schema,
            "prometheus": PrometheusSpec.schema,
            "external": ExternalSpec.schema,
            "ingress": IngressSpec.schema,
            "readProxy": ReadProxySpec.schema,
            "grafana": GrafanaDefaults.schema,
            "paused": .boolean(
                "Whether the operator leaves everything that belongs to this view unchanged. Defaults to false."),
        ],
        description: "The desired state of the global view. Exactly one of prometheus, thanos and external is required."
    ).with(rules: rules)
}
