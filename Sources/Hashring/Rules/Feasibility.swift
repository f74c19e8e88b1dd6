/// Whether ketama can find a series' copies their receivers.
///
/// Ketama takes a zone's next endpoint only while the zone has no more copies than the least used one. Where the zones
/// are too uneven for the replication factor it searches for ever, holding up the receiver.
public enum Feasibility {
    /// The most copies of a series that zones of these sizes can hold: Σ min(nᶻ, n_min + 1).
    public static func capacity(ofZones sizes: some Collection<Int>) -> Int {
        guard let smallest = sizes.min() else { return 0 }
        return sizes.reduce(0) { $0 + min($1, smallest + 1) }
    }

    /// Whether endpoints can hold this many copies of each series; no zone counts as a zone of its own.
    public static func holds(_ endpoints: some Sequence<Endpoint>, replicationFactor: Int) -> Bool {
        capacity(ofZones: zoneSizes(endpoints).values) >= replicationFactor
    }

    /// How many endpoints there are in each zone, by name; those without a zone under the empty name.
    static func zoneSizes(_ endpoints: some Sequence<Endpoint>) -> [String: Int] {
        endpoints.reduce(into: [:]) { $0[$1.zone ?? "", default: 0] += 1 }
    }

    /// The fewest copies that some choice of `count` endpoints, taken without regard to zones, can hold.
    static func leastCapacity(choosing count: Int, fromZones sizes: [Int], atMost limit: Int) -> Int {
        var least = limit
        // The chosen endpoints' smallest zone has `smallest` of them, and each other zone counts smallest + 1 at most.
        for smallest in 1...max(1, limit) {
            // costs[n]: the fewest copies that zones with n chosen endpoints in all can hold, with and without one
            // zone of exactly `smallest`.
            var costs: [Int: (without: Int?, with: Int?)] = [0: (0, nil)]
            for size in sizes where size >= smallest {
                var next = costs
                for (used, cost) in costs {
                    for taken in smallest...size where used + taken <= count {
                        let copies = min(taken, smallest + 1)
                        var entry = next[used + taken] ?? (nil, nil)
                        if taken == smallest {
                            entry.with = lower(entry.with, lower(cost.with, cost.without).map { $0 + copies })
                        } else {
                            entry.without = lower(entry.without, cost.without.map { $0 + copies })
                            entry.with = lower(entry.with, cost.with.map { $0 + copies })
                        }
                        next[used + taken] = entry
                    }
                }
                costs = next
            }
            if let cost = costs[count]?.with { least = min(least, cost) }
        }
        return least
    }

    private static func lower(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return left ?? right }
        return min(left, right)
    }
}

extension RingContext {
    /// The rule about zones: they are even enough to hold all copies.
    func zoneFindings() -> [Finding] {
        guard isKetama, ring.endpoints.count >= replicationFactor,
            !Feasibility.holds(ring.endpoints, replicationFactor: replicationFactor)
        else { return [] }
        let sizes = Feasibility.zoneSizes(ring.endpoints)
        let zones = sizes.sorted { $0.key < $1.key }.map { "\($0.key.isEmpty ? "(none)" : $0.key) \($0.value)" }
        return [
            error(
                "endpoints",
                "the zones (\(zones.joined(separator: ", "))) are too uneven for \(replicationFactor) copies of each "
                    + "series, they hold \(Feasibility.capacity(ofZones: sizes.values)): receivers hang")
        ]
    }
}
