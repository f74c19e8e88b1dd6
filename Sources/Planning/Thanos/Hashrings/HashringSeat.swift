import Hashring
import TributaryAPI

/// A tenant or a pattern of tenants on a hashring, with everything that the file says about it.
struct HashringSeat: Sendable, Hashable {
    var id: String
    var isGlob = false
    var labels: [String: String] = [:]
    var shardSize: Int?

    init(_ tenant: Tenant) {
        id = tenant.id
        isGlob = tenant.isGlob
        labels = tenant.spec.externalLabels ?? [:]
        shardSize = tenant.spec.shuffleShardSize
    }

    /// The tenant as a published entry describes it.
    fileprivate init(_ id: String, in entry: Hashring, shardSize: Int?) {
        self.id = id
        isGlob = entry.tenantMatcher == .glob
        labels = entry.externalLabels
        self.shardSize = shardSize
    }

    /// Every tenant that a published entry names, including those that it names only for their shard sizes.
    static func seats(in entry: Hashring) -> [HashringSeat] {
        let overrides = entry.shuffleSharding?.overrides ?? []
        let sizes = Dictionary(overrides.flatMap { size in size.tenants.map { ($0, size.shardSize) } }) {
            first, _ in first
        }
        let ids = entry.isCatchAll ? sizes.keys.sorted() : entry.tenants
        return ids.map { HashringSeat($0, in: entry, shardSize: sizes[$0]) }
    }
}
