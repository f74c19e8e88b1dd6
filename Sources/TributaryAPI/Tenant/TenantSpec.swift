import Kube

/// The desired state of a tenant.
public struct TenantSpec: Sendable, Hashable, Codable {
    /// The global view that the tenant writes to and reads from.
    public var globalViewRef: LocalReference
    /// The id that the header and the label of the tenant hold: letters, digits and !_.*'()@:+=~-, but no slashes.
    public var id: String?
    /// How the id is compared: exact, or glob for a pattern.
    public var matcher: String?
    /// The name of the tenant's hard hashring in the GlobalView.
    public var hashring: String?
    /// Labels that receivers add to all series and blocks of the tenant, such as a region.
    public var externalLabels: [String: String]?
    /// The number of receivers of its hashring that the tenant uses, if the hashring has shuffleSharding.
    public var shuffleShardSize: Int?
    /// Write limits of the tenant.
    public var limits: LimitsSpec?
    /// How the tenant reads: through a proxy of its own that enforces the tenant label on every query.
    public var read: ReadSpec?
    /// The datasource of the tenant in Grafana.
    public var grafana: GrafanaSpec?
    /// The credentials with which the tenant writes and reads through the gateway.
    public var credentials: CredentialsSpec?
    /// The agents in this cluster that may write as the tenant.
    public var agents: [AgentGrant]?
    /// Settings of the gateway for the tenant.
    public var gateway: TenantGatewaySpec?
    /// The rules of the tenant.
    public var rules: TenantRulesSpec?
    /// Brings the tenant off.
    public var offboarding: OffboardingSpec?
    /// What happens to the tenant's entries in its hard hashring and in the limits file when the Tenant is deleted.
    public var deletionPolicy: String?
}

extension TenantSpec {
    static let schema = Schema.object(
        [
            "globalViewRef": LocalReference.schema(
                "The global view that the tenant writes to and reads from.",
                name: "The name of the GlobalView, in the namespace of the Tenant."),
            "id": .text(
                """
                The id that the header and the label of the tenant hold: letters, digits and !_.*'()@:+=~-, but \
                no slashes. It must be unique in the global view and cannot be changed, since the stored series \
                carry it. Defaults to the name of the Tenant.
                """, max: 150, pattern: TenantIDs.patternOrGlob),
            "matcher": .choice(
                """
                How the id is compared: exact, or glob for a pattern in the syntax of filepath.Match in Go, such \
                as team-*, which assigns every matching id to the hashring. Exact ids take precedence over \
                patterns. A pattern gets no read proxy and no agents. Defaults to exact.
                """, ["exact", "glob"]),
            "hashring": .text(
                """
                The name of the tenant's hard hashring in the GlobalView. Takes effect with thanos. Defaults to \
                the soft hashring, which soft tenants share.
                """, max: 40),
            "externalLabels": .map(
                of: .string().with {
                    $0.minLength = 1
                    $0.maxLength = 512
                },
                description: """
                    Labels that receivers add to all series and blocks of the tenant, such as a region. Takes effect \
                    with thanos and requires hashring. Defaults to none.
                    """
            ).with { $0.maxProperties = 32 },
            "shuffleShardSize": .count(
                """
                The number of receivers of its hashring that the tenant uses, if the hashring has \
                shuffleSharding. Defaults to shuffleSharding.shardSize of the hashring.
                """, from: 1, to: 1000),
            "limits": LimitsSpec.schema(
                """
                Write limits of the tenant. Receivers reject what exceeds a limit, and it is lost. Takes effect \
                with thanos, where routers read the limits file. Defaults to thanos.limits.default of the \
                GlobalView.
                """),
            "read": ReadSpec.schema,
            "grafana": GrafanaSpec.schema,
            "credentials": CredentialsSpec.schema,
            "agents": .list(
                of: AgentGrant.schema, by: "namespace", "name", max: 1000,
                """
                The PrometheusAgents in this cluster that may write as the tenant through the gateway. Each gets a \
                copy of the write credential beside it, and loses it with its entry. Defaults to none.
                """),
            "gateway": TenantGatewaySpec.schema,
            "rules": TenantRulesSpec.schema,
            "offboarding": OffboardingSpec.schema,
            "deletionPolicy": .choice(
                """
                What happens to the tenant's entries in its hard hashring and in the limits file when the Tenant \
                is deleted. Remove deletes them; Retain keeps them, so that writes continue to reach the same \
                receivers within the same limits. Everything else that belongs to the Tenant is deleted; stored \
                series are never touched. Defaults to Remove.
                """, ["Retain", "Remove"]),
        ], required: ["globalViewRef"], description: "The desired state of the tenant."
    ).with(rules: rules)
}
