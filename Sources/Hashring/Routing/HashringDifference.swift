/// What changes between two files for tenants that share their old and their new hashring.
public struct HashringDifference: Sendable, Hashable {
    /// The tenants, ids or patterns; nil stands for all tenants that no hashring lists.
    public var tenants: [String?]
    /// The hashring in the old file and its number of receivers, or why there is none.
    public var old: String
    /// The hashring in the new file and its number of receivers, or why there is none.
    public var new: String
    /// The fraction of series with at least one copy on a receiver that had none, 0 to 1.
    public var movedSeries: Double
    /// The fraction of copies on a receiver that had none, 0 to 1.
    public var movedCopies: Double
}

extension HashringDifference {
    /// The number of evenly spread hash values that represent the series.
    static let samples: UInt64 = 1 << 16
    /// The most tenants with shards of their own; further ones are omitted.
    static let maximumShards = 200

    /// What changes from one file to another, by the hash of Thanos.
    ///
    /// `replicationFactor` and `defaultAlgorithm` are the receivers' flags. For shards, a pattern stands for the tenant
    /// whose id equals it.
    public static func between(
        _ old: HashringFile, _ new: HashringFile, replicationFactor: Int, defaultAlgorithm: Algorithm = .hashmod
    ) -> [HashringDifference] {
        var side = (
            old: HashringRouter(old, replicationFactor: replicationFactor, defaultAlgorithm: defaultAlgorithm),
            new: HashringRouter(new, replicationFactor: replicationFactor, defaultAlgorithm: defaultAlgorithm)
        )
        var result: [HashringDifference] = []
        var known: [Pair: Int] = [:]
        var shards = 0
        for tenant in tenants(of: old, new) {
            let id = tenant ?? "\u{1}"
            let routes = (old: Outcome(&side.old, id), new: Outcome(&side.new, id))
            let pair = Pair(old: routes.old.label, new: routes.new.label)
            if !routes.old.isSharded, !routes.new.isSharded, let line = known[pair] {
                result[line].tenants.append(tenant)
                continue
            }
            if routes.old.isSharded || routes.new.isSharded {
                shards += 1
                guard shards <= maximumShards else { continue }
            }
            let moved = moved(routes.old.route, routes.new.route)
            known[pair] = result.count
            result.append(
                HashringDifference(
                    tenants: [tenant], old: pair.old, new: pair.new, movedSeries: moved.series,
                    movedCopies: moved.copies))
        }
        return result
    }

    private struct Pair: Hashable {
        var old: String
        var new: String
    }

    /// A route, or why there is none.
    private struct Outcome {
        var route: Route?
        var label: String

        var isSharded: Bool { route?.ring.isShuffleSharded ?? false }

        init(_ router: inout HashringRouter, _ tenant: String) {
            do throws(RoutingError) {
                let route = try router.route(tenant: tenant)
                self.route = route
                let name = HashringContext.label(route.ring, route.index).printable
                label = "hashring \"\(name)\" (\(counted(route.endpoints.count, "endpoint")))"
            } catch {
                label = error.isUnserved ? "no hashring" : "\(error)"
            }
        }
    }

    /// Every tenant that a file lists, in the order of the files, and then nil for the others.
    private static func tenants(of old: HashringFile, _ new: HashringFile) -> [String?] {
        var seen: Set<String> = []
        let named = (old.rings + new.rings).flatMap(\.tenants).filter { seen.insert($0).inserted }
        return named + [nil]
    }

    static func moved(_ old: Route?, _ new: Route?) -> (series: Double, copies: Double) {
        guard let old, let new else { return old == nil && new == nil ? (0, 0) : (1, 1) }
        // The place in the old hashring of each receiver of the new one.
        let places = Dictionary(
            old.endpoints.enumerated().map { ($1.address, $0) }, uniquingKeysWith: { first, _ in first })
        let former = new.endpoints.map { places[$0.address] }
        var (series, copies, total) = (0, 0, 0)
        var random = SplitMix(state: 0)
        for sample in 0..<samples {
            let hash = sample << 48 | random.next() >> 16
            let before = old.copies(forHash: hash)
            let after = new.copies(forHash: hash)
            let fresh = after.count { place in !(former[place].map { before.contains($0) } ?? false) }
            total += after.count
            copies += fresh
            if fresh > 0 { series += 1 }
        }
        return (Double(series) / Double(samples), Double(copies) / Double(max(1, total)))
    }

    /// A small generator with a fixed seed, so that the same files give the same answer.
    private struct SplitMix {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }
}
