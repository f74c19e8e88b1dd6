import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// A tenant, or a pattern of tenants, on a hashring, and all that the file says of it.
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

    /// The tenant as a published entry has it.
    fileprivate init(_ id: String, in entry: Hashring, shardSize: Int?) {
        self.id = id
        isGlob = entry.tenantMatcher == .glob
        labels = entry.externalLabels
        self.shardSize = shardSize
    }

    /// Every tenant that a published entry names, be it only to give it another shard size.
    static func seats(in entry: Hashring) -> [HashringSeat] {
        let overrides = entry.shuffleSharding?.overrides ?? []
        let sizes = Dictionary(overrides.flatMap { size in size.tenants.map { ($0, size.shardSize) } }) {
            first, _ in first
        }
        let ids = entry.isCatchAll ? sizes.keys.sorted() : entry.tenants
        return ids.map { HashringSeat($0, in: entry, shardSize: sizes[$0]) }
    }
}

/// The entries of one hashring in the file.
///
/// Thanos knows one way to compare ids and one set of external labels for a whole entry. So the tenants of one hashring
/// stand in several entries with the same receivers: `ring` for plain ids, `ring+glob` for patterns, `ring+labels-…` for
/// each set of labels. No hashring's own name has a plus sign, so that a published name tells whose entry it is.
struct HashringEntries {
    /// Entries with whole ids, in a stable order.
    private(set) var exact: [Hashring] = []
    /// The entry with patterns, where there are.
    private(set) var globs: [Hashring] = []
    /// The catch-all, for the soft hashring.
    private(set) var catchAll: [Hashring] = []

    /// The hashring's name.
    let name: String
    /// The tenants of which the entries say something.
    let seats: [HashringSeat]

    /// The entries of a hashring: each like a template with the hashring's name, members and shards, for some of its tenants.
    init(like template: Hashring, seats: [HashringSeat], isSoft: Bool, replicationFactor: Int) {
        name = template.name
        self.seats = seats.sorted { $0.id < $1.id }
        func entry(_ part: String?, _ seats: [HashringSeat]) -> Hashring {
            var entry = template
            if let part { entry.name += "+\(part)" }
            if !isSoft { entry.tenants = seats.map(\.id) }
            entry.shuffleSharding?.overrides = Self.overrides(seats, of: template, replicationFactor)
            return entry
        }
        if isSoft {
            catchAll = [entry(nil, self.seats)]
            return
        }
        // A hard ring without tenants would be taken for a catch-all.
        let plain = self.seats.filter { !$0.isGlob && $0.labels.isEmpty }
        if !plain.isEmpty { exact.append(entry(nil, plain)) }
        let labelled = Dictionary(grouping: self.seats.filter { !$0.isGlob && !$0.labels.isEmpty }, by: \.labels)
        exact += labelled.map { labels, seats in
            var entry = entry("labels-\(Self.digest(labels))", seats)
            entry.externalLabels = labels
            return entry
        }.sorted { $0.name < $1.name }
        let patterns = self.seats.filter(\.isGlob)
        if !patterns.isEmpty {
            var entry = entry("glob", patterns)
            entry.tenantMatcher = .glob
            globs = [entry]
        }
    }

    /// The file of some hashrings, in the order in which Thanos should try them.
    ///
    /// It looks no further once an entry fits: so whole ids come before patterns, which would take them away, and the
    /// catch-all is last.
    static func file(_ rings: [HashringEntries]) -> HashringFile {
        var file = HashringFile(rings.flatMap(\.exact) + rings.flatMap(\.globs) + rings.flatMap(\.catchAll))
        // While a shuffle-sharded ring keeps its name, running receivers panic on any change of the file. What the
        // name ends in therefore changes with the file, and with nothing else.
        guard file.rings.contains(where: \.isShuffleSharded) else { return file }
        let version = SHA256.hexadecimal(file.encoded()).prefix(8)
        for index in file.rings.indices where file.rings[index].isShuffleSharded {
            file.rings[index].name += "+v\(version)"
        }
        return file
    }

    // MARK: - Parts

    private static func digest(_ labels: [String: String]) -> String {
        let text = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
        return String(SHA256.hexadecimal(text).prefix(8))
    }

    /// The shard sizes of an entry's tenants; those that cannot be had are left out, since every request would fail.
    private static func overrides(
        _ seats: [HashringSeat], of ring: Hashring, _ replicationFactor: Int
    ) -> [ShuffleSharding.Override] {
        let own = seats.filter { $0.shardSize != nil && $0.shardSize != ring.shuffleSharding?.shardSize }
        return Dictionary(grouping: own) { $0.shardSize ?? 0 }.sorted { $0.key < $1.key }.compactMap { size, seats in
            guard ring.shardProblem(size, replicationFactor: replicationFactor) == nil else { return nil }
            return ShuffleSharding.Override(
                shardSize: size, tenants: seats.map(\.id), tenantMatcher: seats[0].isGlob ? .glob : .exact)
        }
    }
}

extension ShuffleSharding {
    /// What a hashring asks for; nil where it asks for none.
    init?(_ spec: HashringSpec) {
        guard let sharding = spec.shuffleSharding else { return nil }
        self.init(
            shardSize: sharding.shardSize, cacheSize: sharding.cacheSize,
            isZoneAwarenessDisabled: sharding.zoneAwarenessDisabled ?? false)
    }
}

extension HashringSpec {
    /// The fewest members that the hashring is let shrink to, the copies aside: fewer than a shard would end receivers.
    var fewestMembers: Int { max(membership?.minReplicas ?? 1, shuffleSharding?.shardSize ?? 1) }

    /// Whether it is the shards that need so many.
    var isHeldByShards: Bool { (shuffleSharding?.shardSize ?? 1) > (membership?.minReplicas ?? 1) }
}
