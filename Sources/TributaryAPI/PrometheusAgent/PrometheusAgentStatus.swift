public import Kube

/// The observed state of an agent.
public struct PrometheusAgentStatus: Sendable, Hashable, Codable {
    /// The metadata.generation that this status is based on.
    public var observedGeneration: Int64?
    /// The version of Prometheus that the pods run.
    public var version: String?
    /// The desired number of pods as shards times replicas, such as 2x2; with mode DaemonSet, the number of nodes.
    public var desired: String?
    /// The number of pods that are ready.
    public var ready: Int?
    /// The number of monitors and scrape configurations in the configuration.
    public var monitors: Int?
    /// The number of monitors and scrape configurations that are rejected because they are invalid.
    public var rejected: Int?
    /// The first of the monitors that are rejected because they are invalid.
    public var rejectedMonitors: [ListedMonitor]?
    /// The number of monitors in the configuration that have had no targets for some minutes.
    public var withoutTargets: Int?
    /// The first of the monitors that have had no targets for some minutes.
    public var monitorsWithoutTargets: [ListedMonitor]?
    /// The number of shards.
    public var shards: Int?
    /// The label selector of the pods, for the scale subresource.
    public var selector: String?
    /// How the pods send what they scrape.
    public var delivery: AgentDeliveryStatus?
    /// The conditions Ready, Reconciling, Stalled and Delivering.
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is based on."),
            "version": .string("The version of Prometheus that the pods run."),
            "desired": .string(
                """
                The desired number of pods as shards times replicas, such as 2x2; with mode DaemonSet, the \
                number of nodes.
                """),
            "ready": .count("The number of pods that are ready."),
            "monitors": .count("The number of monitors and scrape configurations in the configuration."),
            "rejected": .count(
                "The number of monitors and scrape configurations that are rejected because they are invalid."),
            "rejectedMonitors": ListedMonitor.rejectedSchema,
            "withoutTargets": .count(
                """
                The number of monitors in the configuration that have had no targets for some minutes on any pod: nothing \
                matches them, no port has that name, or their relabelings drop all targets.
                """),
            "monitorsWithoutTargets": ListedMonitor.withoutTargetsSchema,
            "shards": .count("The number of shards."),
            "selector": .string("The label selector of the pods, for the scale subresource."),
            "delivery": AgentDeliveryStatus.schema,
            "conditions": Condition.listSchema(
                "\(Condition.usual) Delivering is True while what the pods scrape arrives at every remote write."),
        ], description: "The observed state of the agent.")
}
