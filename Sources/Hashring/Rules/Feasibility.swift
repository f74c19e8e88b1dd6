/// Whether ketama can find a series' copies their receivers.
///
/// Ketama takes a zone's next endpoint only while the zone has no more copies than the least used one. Where the zones
/// are too uneven for the replication factor it searches for ever, holding up the receiver.
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
        let sizes = sizes.sorted(by: >)
        var least = limit
        // The chosen endpoints' smallest zone has `smallest` of them, and each other zone counts smallest + 1 at most:
        // so few zones should be used, each as far as it goes.
        for smallest in stride(from: 1, through: min(limit, sizes.first ?? 0), by: 1) {
            let eligible = sizes.prefix { $0 >= smallest }.count
            let larger = sizes.prefix { $0 > smallest }.count
            var room = 0
            for fuller in 0...larger {
                if fuller > 0 { room += sizes[fuller - 1] }
                // Zones of exactly `smallest` take what the fuller ones have no room for, and there is at least one.
                let exact = max(1, (count - room + smallest - 1) / smallest)
                guard fuller + exact <= eligible, fuller * (smallest + 1) + exact * smallest <= count else { continue }
                // The fuller zones take all the rest; with none of them the count has to come out even.
                guard fuller > 0 || exact * smallest == count else { continue }
                least = min(least, fuller * (smallest + 1) + exact * smallest)
            }
        }
        return least
    }
}

extension RingContext {
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
                    + "series, they hold \(Feasibility.capacity(ofZones: sizes.values)): receivers hang; "
                    + "even out the zones or lower the replication factor")
        ]
    }
}
