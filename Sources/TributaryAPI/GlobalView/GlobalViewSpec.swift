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
    /// The gateway that tenants write and read through.
    public var gateway: GatewaySpec?
    /// An Ingress through which callers outside of the cluster reach the gateway, or agents a central Prometheus.
    public var ingress: IngressSpec?
    /// A route of the Gateway API through which callers outside of the cluster reach the gateway.
    public var httpRoute: HTTPRouteSpec?
    /// Settings shared by the read proxies of all tenants.
    public var readProxy: ReadProxySpec?
    /// Settings shared by the Grafana datasources of all tenants.
    public var grafana: GrafanaDefaults?
    /// The rules of the platform, and settings for those of tenants.
    public var rules: ViewRulesSpec?
    /// Whether Tributary creates NetworkPolicies for the pods of the view.
    public var networkPolicies: String?
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
            "!has(self.ingress) || has(self.gateway) || has(self.prometheus)",
            """
            requires "gateway" unless the view has "prometheus": without a gateway, whoever reaches the Ingress \
            could write as any tenant
            """,
            at: "ingress"
        ) { $0.ingress == nil || $0.gateway != nil || $0.prometheus != nil },
        CheckedRule(
            """
            !has(self.prometheus) || !has(self.prometheus.servesFederate) || !self.prometheus.servesFederate \
            || has(self.gateway)
            """,
            """
            requires "gateway": without it, nothing would tell who pulls, and everybody could pull the series of \
            all tenants
            """,
            at: "prometheus.servesFederate"
        ) { $0.prometheus?.servesFederate != true || $0.gateway != nil },
        CheckedRule(
            """
            !has(self.prometheus) || !has(self.prometheus.web) || !has(self.prometheus.web.basicAuth) \
            || has(self.gateway)
            """,
            "requires \"gateway\": without it, agents and readers would need a password that opens the series of all tenants",
            at: "prometheus.web.basicAuth"
        ) { $0.prometheus?.web?.basicAuth == nil || $0.gateway != nil },
        CheckedRule(
            "!has(self.httpRoute) || has(self.gateway)", "requires \"gateway\", to which the route leads",
            at: "httpRoute"
        ) { $0.httpRoute == nil || $0.gateway != nil },
        .atMostOne(of: [.init("ingress") { $0.ingress != nil }, .init("httpRoute") { $0.httpRoute != nil }]),
        CheckedRule(
            "!has(self.readProxy) || !has(self.readProxy.mode) || self.readProxy.mode != 'Shared' || has(self.gateway)",
            "Shared requires \"gateway\", which tells the shared proxy who reads", at: "readProxy.mode"
        ) { $0.readProxy?.mode != "Shared" || $0.gateway != nil },
    ]

    static let schema = Schema.object(
        [
            "tenantLabel": .text(
                """
                The label of each series that holds the id of its tenant. Agents add it; read proxies enforce \
                it. Must agree with --receive.tenant-label-name of the receivers of thanos. Defaults to tenant_id with \
                thanos, otherwise tenant.
                """, max: 128, pattern: LabelNameSyntax.pattern),
            "thanos": ThanosSpec.schema,
            "prometheus": PrometheusSpec.schema,
            "external": ExternalSpec.schema,
            "gateway": GatewaySpec.schema,
            "ingress": IngressSpec.schema,
            "httpRoute": HTTPRouteSpec.schema,
            "readProxy": ReadProxySpec.schema,
            "grafana": GrafanaDefaults.schema,
            "rules": ViewRulesSpec.schema,
            "networkPolicies": .choice(
                """
                Whether Tributary creates NetworkPolicies, so that only those who need it reach the pods of the view. \
                The label tributary.dev/access: query lets pods query the series of all tenants: on a namespace all its \
                pods, on a pod in the namespace of the GlobalView that pod. Defaults to Managed if the view has a \
                gateway, otherwise None.
                """, ["Managed", "None"]),
            "paused": .boolean(
                "Whether the operator leaves everything that belongs to this view unchanged. Defaults to false."),
        ],
        description: "The desired state of the global view. Exactly one of prometheus, thanos and external is required."
    ).with(rules: rules)
}
