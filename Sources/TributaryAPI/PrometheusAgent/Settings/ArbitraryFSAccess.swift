import Kube

/// Whether monitors may refer to files in the pod: prometheus-operator's ArbitraryFSAccessThroughSMsConfig.
public struct ArbitraryFSAccess: Sendable, Hashable, Codable {
    /// Whether to reject monitors that refer to files in the pod of the agent.
    public var deny: Bool?

    static let schema = Schema.object(
        [
            "deny": .boolean(
                "Whether to reject monitors that refer to files in the pod of the agent. Defaults to false.")
        ],
        description: """
            Whether monitors may refer to files in the pod of the agent. If they may, a monitor can send \
            such a file, for example a token, to its targets.
            """)
}
