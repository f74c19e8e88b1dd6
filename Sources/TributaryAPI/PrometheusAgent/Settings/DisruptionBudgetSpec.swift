import Kube

/// The PodDisruptionBudget of each shard.
public struct DisruptionBudgetSpec: Sendable, Hashable, Codable {
    /// The number of pods, of each shard of an agent, that may be unavailable at the same time.
    public var maxUnavailable: IntOrString?
    /// Whether to create a PodDisruptionBudget.
    public var enabled: Bool?

    static let schema = Schema.object(
        [
            "maxUnavailable": .intOrString(
                "The number of pods, of each shard of an agent, that may be unavailable at the same time. Defaults to 1."
            ),
            "enabled": .boolean(
                "Whether to create a PodDisruptionBudget. Defaults to true if there are several replicas."),
        ],
        description:
            "The PodDisruptionBudget, of each shard of an agent, which keeps node drains from evicting all of its replicas."
    )
}
