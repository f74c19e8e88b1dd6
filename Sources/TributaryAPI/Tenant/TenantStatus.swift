public import Kube

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
