import Crypto
import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// The entries of one hashring in the file.
///
/// Thanos has one tenant matcher and one set of external labels for a whole entry. So the tenants of one hashring are
/// in several entries with the same receivers: `hashring` for plain ids, `hashring+glob` for patterns,
/// `hashring+labels-…` for each set of labels. A hashring's own name contains no plus sign, so a published name
/// identifies its hashring.
struct HashringEntries {
    /// Entries for whole ids, in a stable order.
    private(set) var exact: [Hashring] = []
    /// The entry for patterns; empty if there are no patterns.
    private(set) var globs: [Hashring] = []
    /// The catch-all entry of the soft hashring.
    private(set) var catchAll: [Hashring] = []

    /// The hashring's name.
    let name: String
    /// The tenants that the entries mention.
    let seats: [HashringSeat]

    /// Makes the entries of a hashring. Each is a copy of the template, with its name, members and shards, for some
    /// tenants.
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
        // Thanos would use a hard hashring without tenants as a catch-all.
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

    /// The file for some hashrings, in the order in which Thanos should try them.
    ///
    /// Thanos takes the first entry that matches: so whole ids come before patterns, which might match them, and the
    /// catch-all comes last.
    static func file(_ hashrings: [HashringEntries]) -> HashringFile {
        var file = HashringFile(hashrings.flatMap(\.exact) + hashrings.flatMap(\.globs) + hashrings.flatMap(\.catchAll))
        // While a shuffle-sharded hashring keeps its name, running receivers panic on any change of the file. So the
        // suffix of its name changes with the file, and with nothing else.
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

    /// The shard sizes of an entry's tenants. Infeasible ones are left out, since every request of the tenant would
    /// fail.
    private static func overrides(
        _ seats: [HashringSeat], of hashring: Hashring, _ replicationFactor: Int
    ) -> [ShuffleSharding.Override] {
        let own = seats.filter { $0.shardSize != nil && $0.shardSize != hashring.shuffleSharding?.shardSize }
        return Dictionary(grouping: own) { $0.shardSize ?? 0 }.sorted { $0.key < $1.key }.compactMap { size, seats in
            guard hashring.shardProblem(size, replicationFactor: replicationFactor) == nil else { return nil }
            return ShuffleSharding.Override(
                shardSize: size, tenants: seats.map(\.id), tenantMatcher: seats[0].isGlob ? .glob : .exact)
        }
    }
}

extension ShuffleSharding {
    /// The shuffle sharding of a hashring; nil if it has none.
    init?(_ spec: HashringSpec) {
        guard let sharding = spec.shuffleSharding else { return nil }
        self.init(
            shardSize: sharding.shardSize, cacheSize: sharding.cacheSize,
            isZoneAwarenessDisabled: sharding.zoneAwarenessDisabled ?? false)
    }
}

extension HashringSpec {
    /// The fewest members to which the hashring may shrink, besides the replication factor. With fewer members than a
    /// shard has, receivers would exit.
    var fewestMembers: Int { max(membership?.minReplicas ?? 1, shuffleSharding?.shardSize ?? 1) }

    /// Whether the shard size determines ``fewestMembers``.
    var isHeldByShards: Bool { (shuffleSharding?.shardSize ?? 1) > (membership?.minReplicas ?? 1) }
}
