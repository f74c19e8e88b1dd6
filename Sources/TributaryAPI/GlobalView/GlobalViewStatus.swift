public import Kube

/// What the operator says of a global view.
public struct GlobalViewStatus: Sendable, Hashable, Codable {
    public var observedGeneration: Int64?
    public var kind: String?
    public var tenants: Int?
    public var hashrings: [HashringStatus]?
    public var hashringSummary: String?
    public var publishedAt: String?
    public var fileHash: String?
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is about."),
            "kind": .string("What stands behind the view: thanos, prometheus or external."),
            "tenants": .count("How many tenants name this view."),
            "hashrings": .list(of: HashringStatus.schema, by: "name", max: 64, "The hashrings, in the file's order."),
            "hashringSummary": .string("The hashrings in a few words, for kubectl get."),
            "publishedAt": .string("When the hashring file last changed.").with { $0.format = "date-time" },
            "fileHash": .string(
                "The beginning of the SHA-256 of the published hashring file, in hexadecimal."),
            "conditions": Condition.listSchema(Condition.usual),
        ], description: "What the operator says of the view.")
}
