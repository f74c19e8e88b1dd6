public import Kube

/// What the operator says of an agent.
public struct PrometheusAgentStatus: Sendable, Hashable, Codable {
    public var observedGeneration: Int64?
    public var version: String?
    public var desired: String?
    public var ready: Int?
    public var monitors: Int?
    public var rejected: Int?
    public var rejectedMonitors: [RejectedMonitor]?
    public var shards: Int?
    public var selector: String?
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is about."),
            "version": .string("The version of Prometheus that the pods run."),
            "desired": .string("How many pods are wanted: replicas times shards, such as 2x2."),
            "ready": .count("How many pods are ready."),
            "monitors": .count("How many monitors and scrape configurations are taken in."),
            "rejected": .count(
                "How many monitors and scrape configurations are left out because something is wrong with them."),
            "rejectedMonitors": RejectedMonitor.listSchema,
            "shards": .count("How many shards there are."),
            "selector": .string("The label selector of the pods, for the scale subresource."),
            "conditions": Condition.listSchema(Condition.usual),
        ], description: "What the operator says of the agent.")
}
