public import Kube

/// The observed state of a tenant.
public struct TenantStatus: Sendable, Hashable, Codable {
    /// The metadata.generation that this status is based on.
    public var observedGeneration: Int64?
    /// The id that the header and the label of the tenant hold.
    public var id: String?
    /// The hashring of the tenant; (soft) for a soft tenant.
    public var hashring: String?
    /// The URL of the tenant's read proxy.
    public var readURL: String?
    /// The URL that the tenant's agents write to.
    public var writeURL: String?
    /// The conditions Ready, Reconciling and Stalled.
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is based on."),
            "id": .string("The id that the header and the label of the tenant hold."),
            "hashring": .string("The hashring of the tenant; (soft) for a soft tenant."),
            "readURL": .string("The URL of the tenant's read proxy."),
            "writeURL": .string("The URL that the tenant's agents write to."),
            "conditions": Condition.listSchema(Condition.usual),
        ], description: "The observed state of the tenant.")
}
