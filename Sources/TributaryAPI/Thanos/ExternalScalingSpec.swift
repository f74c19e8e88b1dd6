import Kube

/// Leaves the number of receivers that Tributary runs for a hashring to somebody else.
public struct ExternalScalingSpec: Sendable, Hashable, Codable {
    /// The number of receivers to begin with, and below which Tributary scales back.
    public var minReplicas: Int

    static let schema = Schema.object(
        [
            "minReplicas": .count(
                """
                The number of receivers to begin with, at least replicationFactor. If the StatefulSet is scaled to fewer, \
                Tributary scales it back to this number.
                """, from: 1, to: 1000)
        ], required: ["minReplicas"],
        description: """
            Leaves the number of receivers that Tributary runs to somebody else, such as a HorizontalPodAutoscaler: whoever \
            scales their StatefulSet, which is called like the GlobalView, followed by -receive- and the hashring. A \
            receiver that is scaled away serves until the others have a hashring file without it. Excludes adopt and \
            replicas.
            """)
}
