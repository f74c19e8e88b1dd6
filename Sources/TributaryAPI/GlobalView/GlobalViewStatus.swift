public import Kube

/// The observed state of a global view.
public struct GlobalViewStatus: Sendable, Hashable, Codable {
    /// The metadata.generation that this status is based on.
    public var observedGeneration: Int64?
    /// What the view consists of: thanos, prometheus or external.
    public var kind: String?
    /// The number of tenants that refer to this view.
    public var tenants: Int?
    /// The hashrings, in the order of the hashring file.
    public var hashrings: [HashringStatus]?
    /// A summary of the hashrings for kubectl get.
    public var hashringSummary: String?
    /// The time when the hashring file last changed.
    public var publishedAt: String?
    /// The beginning of the SHA-256 of the published hashring file, in hexadecimal.
    public var fileHash: String?
    /// The number of monitors and scrape configurations of the central Prometheus.
    public var monitors: Int?
    /// The number of those that are rejected because they are invalid.
    public var rejected: Int?
    /// The rejected monitors.
    public var rejectedMonitors: [ListedMonitor]?
    /// What became of the platform's rules.
    public var rules: RulesStatus?
    /// The conditions Ready, Reconciling and Stalled.
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is based on."),
            "kind": .string("What the view consists of: thanos, prometheus or external."),
            "tenants": .count("The number of tenants that refer to this view."),
            "hashrings": .list(
                of: HashringStatus.schema, by: "name", max: 64, "The hashrings, in the order of the hashring file."),
            "hashringSummary": .string("A summary of the hashrings for kubectl get."),
            "publishedAt": .string("The time when the hashring file last changed.").with { $0.format = "date-time" },
            "fileHash": .string(
                "The beginning of the SHA-256 of the published hashring file, in hexadecimal."),
            "monitors": .count(
                "The number of monitors and scrape configurations in the configuration of the central Prometheus."),
            "rejected": .count("The number of those that are rejected because they are invalid."),
            "rejectedMonitors": ListedMonitor.rejectedSchema,
            "rules": RulesStatus.schema,
            "conditions": Condition.listSchema(Condition.usual),
        ], description: "The observed state of the global view.")
}
