public import Kube

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

/// A tenant in Grafana.
public struct GrafanaSpec: Sendable, Hashable, Codable {
    public var organization: Int?
    public var datasource: DatasourceSpec?

    static let schema = Schema.object(
        [
            "organization": .count(
                "Grafana's number of the organization that gets the datasource. Defaults to Grafana's own, 1.", from: 1),
            "datasource": DatasourceSpec.schema,
        ], description: "The tenant's datasource in Grafana.")
}

/// A datasource in Grafana.
public struct DatasourceSpec: Sendable, Hashable, Codable {
    public var name: String?

    static let schema = Schema.object(
        ["name": .text("The name that people see. Defaults to the tenant's id.", max: 190)],
        description: "The datasource.")
}

/// What the operator says of a tenant.
public struct TenantStatus: Sendable, Hashable, Codable {
    public var observedGeneration: Int64?
    public var id: String?
    public var hashring: String?
    public var readURL: String?
    public var writeURL: String?
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is about."),
            "id": .string("What the tenant's header and label carry."),
            "hashring": .string("The tenant's hashring; (soft) for a soft tenant."),
            "readURL": .string("Where the tenant reads: its read proxy."),
            "writeURL": .string("Where the tenant's agents write."),
            "conditions": Condition.listSchema(Condition.usual),
        ], description: "What the operator says of the tenant.")
}
