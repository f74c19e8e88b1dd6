import Kube

/// How a tenant reads.
public struct ReadSpec: Sendable, Hashable, Codable {
    public var replicas: Int?
    public var alsoSees: [String]?
    public var allowFrom: [NamespacePeer]?

    static let schema = Schema.object(
        [
            "replicas": .count(
                "How many pods the tenant's read proxy has. Defaults to what the GlobalView's readProxy says.", to: 100),
            "alsoSees": .set(
                of: .text("A tenant's id.", max: 150, pattern: TenantIDs.pattern), max: 100,
                "The ids of other tenants whose series this one reads as well. Grants them to everyone who reads it."),
            "allowFrom": .list(
                of: NamespacePeer.schema, by: "namespace", max: 100,
                """
                Who may reach the read proxy, by a NetworkPolicy. Defaults to everyone in the cluster; an empty list \
                lets nobody.
                """),
        ], description: "How the tenant reads: through a proxy of its own that enforces its label on every query.")
}

/// Pods of one namespace.
public struct NamespacePeer: Sendable, Hashable, Codable {
    public var namespace: String

    static let schema = Schema.object(
        ["namespace": .namespaceName("The namespace whose pods may.")], required: ["namespace"])
}
