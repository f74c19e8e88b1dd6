import Kube

/// What is asked for a tenant.
public struct TenantSpec: Sendable, Hashable, Codable {
    public var globalViewRef: LocalReference
    public var id: String?
    public var matcher: String?
    public var hashring: String?
    public var externalLabels: [String: String]?
    public var shuffleShardSize: Int?
    public var limits: LimitsSpec?
    public var read: ReadSpec?
    public var grafana: GrafanaSpec?
    public var deletionPolicy: String?
}

extension TenantSpec {
    static let schema = Schema.object(
        [
            "globalViewRef": LocalReference.schema(
                "The global view that the tenant writes to and reads from.",
                name: "The GlobalView's name, in the Tenant's own namespace."),
            "id": .text(
                """
                What the tenant's header and label carry: letters, digits and !_.*'()@:+=~- in any order, but no \
                slashes. Unique within the global view; cannot be changed, since the stored series carry it. Defaults \
                to the Tenant's name.
                """, max: 150, pattern: TenantIDs.patternOrGlob),
            "matcher": .choice(
                """
                How the id is compared: exact, or glob for a pattern as Go's filepath.Match has it, such as team-*, \
                which puts every id that it matches on the hashring. Tenants with a whole id come before patterns. \
                A pattern has no read proxy and no agents. Defaults to exact.
                """, ["exact", "glob"]),
            "hashring": .text(
                """
                The hashring of a hard tenant, by its name in the GlobalView. Takes effect with thanos. Defaults to \
                none: a soft tenant, on the soft hashring with all the others.
                """, max: 40),
            "externalLabels": .map(
                of: .string().with {
                    $0.minLength = 1
                    $0.maxLength = 512
                },
                description: """
                    Labels that the receivers give all series and blocks of the tenant, such as its region. Takes \
                    effect with thanos and a hashring of the tenant's own. Defaults to none.
                    """
            ).with { $0.maxProperties = 32 },
            "shuffleShardSize": .count(
                """
                How many of its hashring's receivers the tenant uses, where the hashring has shuffleSharding. Defaults \
                to the shardSize there.
                """, from: 1, to: 1000),
            "limits": LimitsSpec.schema(
                """
                How much the tenant may write; what is beyond is refused and lost. Takes effect with thanos, where \
                routers read the ConfigMap of limits. Defaults to thanos.limits.default of the GlobalView.
                """),
            "read": ReadSpec.schema,
            "grafana": GrafanaSpec.schema,
            "deletionPolicy": .choice(
                """
                What happens to the tenant's entries in its hard hashring and in the limits when the Tenant is deleted: \
                Remove takes them away, Retain leaves them, so that what is still sent arrives where it did and within \
                the same limits. Everything else that was made for the tenant goes; stored series are never touched. \
                Defaults to Remove.
                """, ["Retain", "Remove"]),
        ], required: ["globalViewRef"], description: "What is asked for the tenant."
    ).with(rules: rules)
}
