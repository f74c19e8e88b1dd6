/// Whether ketama can find receivers for all copies of a series.
///
/// Ketama takes another endpoint of a zone only while the zone has no more copies than the least used one. If the zones
/// are too uneven for the replication factor, it searches forever and blocks the receiver.
public enum Feasibility {
    /// The most copies of a series that zones of these sizes can hold: Σ min(nᶻ, n_min + 1).
    static func capacity(ofZones sizes: some Collection<Int>) -> Int {
        guard let smallest = sizes.min() else { return 0 }
        return sizes.reduce(0) { $0 + min($1, smallest + 1) }
    }

    /// How many endpoints a shard takes from each zone: its size divided by the number of zones, rounded up.
    static func perZone(shardSize: Int, zones: Int) -> Int {
        let (quotient, remainder) = shardSize.quotientAndRemainder(dividingBy: max(1, zones))
        return remainder > 0 ? quotient + 1 : quotient
    }

    /// Whether endpoints can hold this many copies of each series. Endpoints without a zone form one of their own.
    public static func holds(_ endpoints: some Sequence<Endpoint>, replicationFactor: Int) -> Bool {
        capacity(ofZones: zoneSizes(endpoints).values) >= replicationFactor
    }

    /// The number of endpoints in each zone, by name; the empty name counts those without a zone.
    static func zoneSizes(_ endpoints: some Sequence<Endpoint>) -> [String: Int] {
        endpoints.reduce(into: [:]) { $0[$1.zone ?? "", default: 0] += 1 }
    }

    /// The fewest copies that a choice of `count` endpoints can hold if it ignores zones.
    static func leastCapacity(choosing count: Int, fromZones sizes: [Int], atMost limit: Int) -> Int {
        let sizes = sizes.sorted(by: >)
        var least = limit
        // The smallest zone of the choice has `smallest` endpoints, and every other zone counts smallest + 1 at most.
        // So the worst choice uses few zones, each as far as possible.
        for smallest in stride(from: 1, through: min(limit, sizes.first ?? 0), by: 1) {
            let eligible = sizes.prefix { $0 >= smallest }.count
            let larger = sizes.prefix { $0 > smallest }.count
            var room = 0
            for fuller in 0...larger {
                if fuller > 0 { room += sizes[fuller - 1] }
                // Zones of exactly `smallest` take what the fuller ones have no room for; there is at least one.
                let exact = max(1, (count - room + smallest - 1) / smallest)
                guard fuller + exact <= eligible, fuller * (smallest + 1) + exact * smallest <= count else { continue }
                // The fuller zones take the rest; without them the zones of `smallest` must add up to the count.
                guard fuller > 0 || exact * smallest == count else { continue }
                least = min(least, fuller * (smallest + 1) + exact * smallest)
            }
        }
        return least
    }
}

extension HashringContext {
    /// The rule about zones: they are even enough to hold all copies.
    func zoneFindings() -> [Finding] {
        guard isKetama, ring.endpoints.count >= replicationFactor,
            !Feasibility.holds(ring.endpoints, replicationFactor: replicationFactor)
        else { return [] }
        let sizes = Feasibility.zoneSizes(ring.endpoints)
        let zones = sizes.sorted { $0.key < $1.key }.map {
            "\($0.key.isEmpty ? "(none)" : $0.key.printable) \($0.value)"
        }
        return [
            error(
                "endpoints",
                "the zones (\(zones.joined(separator: ", "))) are too uneven for \(replicationFactor) copies of each "
                    + "series and hold \(Feasibility.capacity(ofZones: sizes.values)): receivers hang; even out the "
                    + "zones or lower the replication factor")
        ]
    }
}
