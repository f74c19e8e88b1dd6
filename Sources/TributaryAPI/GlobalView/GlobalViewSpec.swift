import Kube

/// What is asked of the central side: which kind it is, and what all kinds have in common.
public struct GlobalViewSpec: Sendable, Hashable, Codable {
    public var tenantLabel: String?
    public var thanos: ThanosSpec?
    public var prometheus: PrometheusSpec?
    public var external: ExternalSpec?
    public var ingress: IngressSpec?
    public var readProxy: ReadProxySpec?
    public var grafana: GrafanaDefaults?
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
            "should be absent with \"external\": agents write to external.writeURL, and an Ingress leads into this cluster",
            at: "ingress"
        ) { $0.ingress == nil || $0.external == nil },
    ]

    static let schema = Schema.object(
        [
            "tenantLabel": .text(
                """
                The label that each series carries its tenant's id in: agents add it, read proxies enforce it. Defaults \
                to tenant_id with thanos (receivers' --receive.tenant-label-name must be the same) and to tenant else.
                """, max: 128, pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$"),
            "thanos": ThanosSpec.schema,
            "prometheus": PrometheusSpec.schema,
            "external": ExternalSpec.schema,
            "ingress": IngressSpec.schema,
            "readProxy": ReadProxySpec.schema,
            "grafana": GrafanaDefaults.schema,
            "paused": .boolean(
                "Leaves everything that was made for this view as it is, until it is false again. Defaults to false."),
        ], description: "What is asked of the central side: exactly one of prometheus, thanos and external."
    ).with(rules: rules)
}
