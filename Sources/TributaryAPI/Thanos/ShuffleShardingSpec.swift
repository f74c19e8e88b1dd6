import Kube

/// How few of a hashring's receivers each tenant uses.
public struct ShuffleShardingSpec: Sendable, Hashable, Codable {
    public var shardSize: Int
    public var zoneAwarenessDisabled: Bool?
    public var cacheSize: Int?

    static let schema = Schema.object(
        [
            "shardSize": .count(
                """
                How many receivers each tenant uses, unless its shuffleShardSize says; with zones as many in each, \
                rounded up. The hashring never has fewer members than this.
                """, from: 1, to: 1000),
            "zoneAwarenessDisabled": .boolean(
                "Whether a tenant's receivers are drawn without regard to zones. Defaults to false."),
            "cacheSize": .count(
                "For how many tenants a receiver keeps in mind which receivers they use. Defaults to Thanos's 100.",
                from: 1, to: 1_000_000),
        ], required: ["shardSize"],
        description: """
            Gives each tenant only some of the hashring's receivers, always the same ones, so that a tenant that \
            overloads its own leaves others to the rest. Needs the algorithm ketama. In the file the hashring's name \
            then has a suffix that changes with the file, since receivers end where it does not. Defaults to none: \
            all receivers.
            """)
}
