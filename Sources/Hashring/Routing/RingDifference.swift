/// What changes for the tenants that one file sends to one ring and another file to one ring.
public struct RingDifference: Sendable, Hashable {
    /// The tenants, ids or patterns; nil stands for all tenants that no ring names.
    public var tenants: [String?]
    /// The ring in the old file and how many receivers it has, or why there is none.
    public var old: String
    /// The ring in the new file and how many receivers it has, or why there is none.
    public var new: String
    /// The share of series of which at least one copy goes to a receiver that had none, 0 to 1.
    public var movedSeries: Double
    /// The share of copies that go to a receiver that had none, 0 to 1.
    public var movedCopies: Double
}

extension RingDifference {
    /// How many hash values, spread evenly over all of them, stand for the series.
    static let samples: UInt64 = 1 << 16
    /// Beyond this many tenants with a shard of their own, the rest is not worked out.
    static let maximumShards = 200

    /// What changes from one file to another, by Thanos's own hash; the tenants of a line share what is said of them.
    ///
    /// `replicationFactor` and `defaultAlgorithm` are the receivers' flags. A pattern stands for a tenant of its very
    /// name, where shards are concerned.
    public static func between(
        _ old: HashringFile, _ new: HashringFile, replicationFactor: Int, defaultAlgorithm: Algorithm = .hashmod
    ) -> [RingDifference] {
        var side = (
            old: RingRouter(old, replicationFactor: replicationFactor, defaultAlgorithm: defaultAlgorithm),
            new: RingRouter(new, replicationFactor: replicationFactor, defaultAlgorithm: defaultAlgorithm)
        )
        var result: [RingDifference] = []
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
                RingDifference(
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

        init(_ router: inout RingRouter, _ tenant: String) {
            do throws(RoutingError) {
                let route = try router.route(tenant: tenant)
                self.route = route
                let name = RingContext.label(route.ring, route.index).printable
                label = "hashring \"\(name)\" (\(counted(route.endpoints.count, "endpoint")))"
            } catch {
                label = error.isUnserved ? "no hashring" : "\(error)"
            }
        }
    }

    /// Every tenant that a file names, in the order of the files, and then those that none names.
    private static func tenants(of old: HashringFile, _ new: HashringFile) -> [String?] {
        var seen: Set<String> = []
        let named = (old.rings + new.rings).flatMap(\.tenants).filter { seen.insert($0).inserted }
        return named + [nil]
    }

    private static func moved(_ old: Route?, _ new: Route?) -> (series: Double, copies: Double) {
        guard let old, let new else { return old == nil && new == nil ? (0, 0) : (1, 1) }
        // Each receiver of the new ring by its place in the old one.
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

    /// A small generator that always draws the same numbers, so that the same files give the same answer.
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
