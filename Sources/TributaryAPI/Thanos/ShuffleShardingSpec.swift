import Kube

/// Shuffle sharding: each tenant uses only some receivers of the hashring.
public struct ShuffleShardingSpec: Sendable, Hashable, Codable {
    /// The number of receivers that each tenant without a shuffleShardSize uses.
    public var shardSize: Int
    /// Whether to choose the receivers of a tenant regardless of zones.
    public var zoneAwarenessDisabled: Bool?
    /// The number of tenants whose receivers each receiver caches.
    public var cacheSize: Int?

    static let schema = Schema.object(
        [
            "shardSize": .count(
                """
                The number of receivers that each tenant without a shuffleShardSize uses. With zones, it is \
                spread over all zones and rounded up. It is also the minimum number of members of the hashring.
                """, from: 1, to: 1000),
            "zoneAwarenessDisabled": .boolean(
                "Whether to choose the receivers of a tenant regardless of zones. Defaults to false."),
            "cacheSize": .count(
                "The number of tenants whose receivers each receiver caches. Defaults to 100, as in Thanos.",
                from: 1, to: 1_000_000),
        ], required: ["shardSize"],
        description: """
            Assigns each tenant a fixed subset of the receivers of the hashring, so that a tenant that \
            overloads its receivers does not affect the others. Requires the algorithm ketama. The name of \
            the hashring in the file gets a suffix that changes with the file, since receivers would \
            otherwise crash. Defaults to all receivers for every tenant.
            """)
}
