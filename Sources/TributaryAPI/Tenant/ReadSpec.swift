import Kube

/// How a tenant reads: the settings of its read proxy.
public struct ReadSpec: Sendable, Hashable, Codable {
    /// The number of pods of the read proxy.
    public var replicas: Int?
    /// The ids of other tenants whose series this tenant can read as well.
    public var alsoSees: [String]?
    /// The clients that may connect to the read proxy, enforced by a NetworkPolicy.
    public var allowFrom: [NamespacePeer]?

    static let schema = Schema.object(
        [
            "replicas": .count(
                """
                The number of pods of the tenant's own read proxy. Defaults to readProxy.replicas of the GlobalView.
                """, to: 100),
            "alsoSees": .set(
                of: .text("The id of a tenant.", max: 150, pattern: TenantIDs.pattern), max: 100,
                """
                The ids of other tenants whose series this tenant can read as well. This grants access to \
                everyone who reads as this tenant.
                """),
            "allowFrom": .list(
                of: NamespacePeer.schema, by: "namespace", max: 100,
                """
                The clients that may connect to the tenant's own read proxy, enforced by a NetworkPolicy, besides the \
                gateway. An empty list allows no one. Defaults to every pod in the cluster without a gateway, no one with \
                a gateway.
                """),
        ],
        description: """
            How the tenant reads: through a proxy that enforces the tenant label on every query, its own or one that all \
            tenants share.
            """)
}

/// The pods of one namespace.
public struct NamespacePeer: Sendable, Hashable, Codable {
    /// The namespace whose pods may connect.
    public var namespace: String

    static let schema = Schema.object(
        ["namespace": .namespaceName("The namespace whose pods may connect.")], required: ["namespace"])
}
