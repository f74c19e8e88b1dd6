import Kube

/// Whether monitors may name files of the agent's pod: prometheus-operator's ArbitraryFSAccessThroughSMsConfig.
public struct ArbitraryFSAccess: Sendable, Hashable, Codable {
    public var deny: Bool?

    static let schema = Schema.object(
        ["deny": .boolean("Refuses monitors that name files of the agent's pod. Defaults to false.")],
        description: """
            Whether monitors may name files of the agent's pod, such as a token that others should not have sent to \
            their targets.
            """)
}
