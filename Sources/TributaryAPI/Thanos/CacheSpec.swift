import Kube

/// A cache of a Thanos component: in the memory of each pod, or in memcached.
public struct CacheSpec: Sendable, Hashable, Codable {
    /// The size of a cache in the memory of each pod.
    public var size: String?
    /// The servers of a memcached.
    public var memcached: MemcachedSpec?

    static let rules: [CheckedRule<CacheSpec>] = [
        .exactlyOne(of: [.init("size") { $0.size != nil }, .init("memcached") { $0.memcached != nil }])
    ]

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "size": .size("The size of a cache in the memory of each pod, such as 250Mi."),
                "memcached": MemcachedSpec.schema,
            ], description: description
        ).with(rules: rules)
    }
}

/// The servers of a memcached that others run.
public struct MemcachedSpec: Sendable, Hashable, Codable {
    /// The addresses of the servers.
    public var addresses: [String]
    /// The size of the largest item that is kept.
    public var maxItemSize: String?

    static let schema = Schema.object(
        [
            "addresses": .set(
                of: .text("An address, as Thanos takes it.", pattern: #"^(dns\+|dnssrv\+|dnssrvnoa\+)?[^\s/$]+$"#),
                max: 32,
                """
                The addresses of the servers, such as \
                dnssrv+_client._tcp.memcached.observability.svc.cluster.local.
                """
            ).with { $0.minItems = 1 },
            "maxItemSize": .size(
                "The size of the largest item that is kept, which must not exceed that of the servers. Defaults to 1Mi."
            ),
        ], required: ["addresses"], description: "The servers of a memcached that others run."
    )
}
