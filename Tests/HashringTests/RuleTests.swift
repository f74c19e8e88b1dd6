import Kube
import Testing

@testable import Hashring

@Suite("Rules for hashring files")
struct RuleTests {
    /// A hashring with endpoints in zones: `zones: [2, 1]` has two in zone z0 and one in zone z1.
    func ring(
        _ count: Int = 0, zones: [Int] = [], name: String = "h", tenants: [String] = [],
        algorithm: Algorithm? = .ketama,
        sharding: ShuffleSharding? = nil
    ) -> Hashring {
        var endpoints = (0..<count).map { Endpoint(address: "r-\($0):1") }
        for (zone, size) in zones.enumerated() {
            endpoints += (0..<size).map { Endpoint(address: "z\(zone)-\($0):1", zone: "z\(zone)") }
        }
        return Hashring(
            name: name, tenants: tenants, endpoints: endpoints, algorithm: algorithm, shuffleSharding: sharding)
    }

    /// The findings, without the one about tenants that no hashring lists.
    func findings(_ rings: [Hashring], copies: Int = 1, previous: String? = nil) -> [String] {
        HashringFile(rings).validate(replicationFactor: copies, previous: previous)
            .filter { $0.ring != nil || $0.severity == .error }.map { "\($0.severity.rawValue): \($0)" }
    }

    @Test func `A valid file has no findings`() {
        #expect(findings([ring(2, name: "a", tenants: ["t"]), ring(zones: [1, 1, 1])], copies: 2).isEmpty)
    }

    @Test func `A file without hashrings is an error`() {
        #expect(
            findings([])
                == ["error: the file has no hashrings: receivers refuse it and keep the previous one; add a hashring"])
    }

    @Test func `A ketama hashring with fewer receivers than copies is an error`() {
        #expect(
            findings([ring(1)], copies: 2) == [
                "error: hashring \"h\": [0].endpoints: 1 endpoint cannot hold 2 copies of each series: ketama "
                    + "receivers exit; add receivers or lower the replication factor"
            ])
        #expect(findings([ring(0)]).count == 1)
    }

    @Test func `A hashmod hashring with fewer receivers than copies is an error, as every request would fail`() {
        #expect(findings([ring(1, algorithm: nil)], copies: 2).first?.contains(": every request fails;") == true)
        #expect(findings([ring(1, algorithm: nil)]).isEmpty)
    }

    @Test func `Zones with hashmod are an error`() {
        #expect(
            findings([ring(zones: [1, 1], algorithm: .hashmod)]) == [
                "error: hashring \"h\": [0].endpoints[0].az: hashmod does not support zones: receivers exit; remove az or use "
                    + "ketama"
            ])
    }

    @Test(arguments: [
        ([3, 1], 3, true), ([5, 1], 4, false), ([5, 2], 4, true), ([5], 5, true), ([1, 1, 1], 3, true),
        ([4, 1, 1], 5, false),
    ])
    func `Zones that are too uneven for the copies are an error`(zones: [Int], copies: Int, holds: Bool) {
        let found = findings([ring(zones: zones)], copies: copies)
        #expect(found.isEmpty == holds)
        #expect(found.allSatisfy { $0.contains(": receivers hang;") })
    }

    @Test func `An unknown algorithm is a warning, as receivers silently use hashmod`() {
        #expect(
            findings([ring(1, algorithm: .init(rawValue: "Ketama"))]).first?.contains("\"Ketama\" is unknown") == true)
    }

    @Test func `A receiver that is listed twice is a warning, as receivers count it twice and serve`() {
        var ring = ring(2)
        ring.endpoints.append(ring.endpoints[0])
        #expect(
            findings([ring]) == [
                "warning: hashring \"h\": [0].endpoints[2].address: \"r-0:1\" is already endpoint 0: receivers count it "
                    + "twice, so it gets twice as many series, and two copies of a series may be on it; remove one of them"
            ])
    }

    @Test func `An empty address is an error`() {
        var ring = ring(2)
        ring.endpoints[1].address = ""
        #expect(
            findings([ring]) == [
                "error: hashring \"h\": [0].endpoints[1].address: is empty: receivers refuse the file; should be host:port"
            ]
        )
    }

    @Test func `A hashring after the catch-all is a warning`() {
        #expect(
            findings([ring(1, name: ""), ring(1, name: "b", tenants: ["t"])]) == [
                "warning: hashring \"b\": [1]: is never reached: hashring \"#1\" before it has no tenants and so serves "
                    + "all of them; put that one last"
            ])
    }

    @Test func `A tenant in two hashrings is a warning`() {
        let found = findings([ring(1, name: "a", tenants: ["t"]), ring(1, name: "b", tenants: ["s", "t", "s"])])
        #expect(
            found == [
                "warning: hashring \"b\": [1].tenants[1]: tenant \"t\" is also in hashring \"a\", which comes first and "
                    + "gets all its series; list it in one hashring"
            ])
    }

    @Test func `Unknown matchers and malformed patterns are errors`() {
        var ring = ring(1, tenants: ["a["])
        ring.tenantMatcher = .glob
        #expect(findings([ring]).first?.contains("\"a[\" is not a valid pattern") == true)
        ring.tenantMatcher = .init(rawValue: "regex")
        #expect(findings([ring]).first?.contains("\"regex\" is unknown") == true)
    }

    @Test(arguments: [".", "..", "a/b", String(repeating: "é", count: 128), "", " a", "a ", "a\nb"])
    func `Harmful tenant ids are errors, and ids that no request can have are warnings`(id: String) {
        let found = findings([ring(1, tenants: [id])])
        let severity = id.hasPrefix(".") || id.contains("/") || id.count > 100 ? "error" : "warning"
        #expect(found.count == 1 && found[0].hasPrefix("\(severity): ") && !found[0].contains("\n"))
        #expect(TenantID.problem("tenant-a.b_c d") == nil)
    }

    @Test func `External labels that Thanos never applies are a warning`() {
        var ring = ring(1)
        ring.externalLabels = ["a": "b"]
        #expect(
            findings([ring]) == [
                "warning: hashring \"h\": [0].external_labels: never apply to a hashring without tenants; list the tenants"
            ])
    }

    @Test(arguments: [
        ([6], 7, 1, false), ([6], 6, 1, true), ([6], 1, 2, false), ([6], 2, 2, true),
        // Three zones: a shard of 4 takes 2 of each.
        ([3, 3, 1], 4, 1, false), ([3, 3, 1], 3, 3, true), ([3, 3, 2], 4, 3, true),
    ])
    func `A shard that does not fit into each zone or cannot hold all copies is an error`(
        zones: [Int], size: Int, copies: Int, fits: Bool
    ) {
        let found = findings([ring(zones: zones, sharding: ShuffleSharding(shardSize: size))], copies: copies)
        #expect(found.isEmpty == fits)
    }

    @Test func `Shards that ignore zones must hold all copies for any choice of receivers`() {
        func found(_ zones: [Int], _ size: Int, _ copies: Int) -> [String] {
            findings(
                [ring(zones: zones, sharding: ShuffleSharding(shardSize: size, isZoneAwarenessDisabled: true))],
                copies: copies)
        }
        #expect(found([4, 4], 4, 3).isEmpty)  // the worst is 3 and 1, which hold 3
        #expect(found([5, 5], 5, 4).first?.contains(": their requests hang;") == true)  // 4 and 1 hold 3
    }

    @Test func `The worst choice of receivers equals the one that trying all of them finds`() {
        for sizes in [[3, 2], [4, 4], [5, 1, 1], [3, 3, 3], [2, 4, 5], [1, 1, 1, 1]] {
            for count in 1...sizes.reduce(0, +) {
                var least = Int.max
                func choose(_ zone: Int, _ left: Int, _ taken: [Int]) {
                    guard zone < sizes.count else {
                        if left == 0 { least = min(least, Feasibility.capacity(ofZones: taken.filter { $0 > 0 })) }
                        return
                    }
                    for number in 0...min(left, sizes[zone]) { choose(zone + 1, left - number, taken + [number]) }
                }
                choose(0, count, [])
                #expect(
                    Feasibility.leastCapacity(choosing: count, fromZones: sizes, atMost: 6) == min(6, least),
                    "\(count) of \(sizes)")
            }
        }
    }

    @Test func `Overrides follow the same rules, and one that never applies is a warning`() {
        func found(_ override: ShuffleSharding.Override) -> [String] {
            findings([ring(4, sharding: ShuffleSharding(shardSize: 2, overrides: [override]))], copies: 2)
        }
        for size in [0, -1, 1, 5] { #expect(found(.init(shardSize: size, tenants: ["a"])).count == 1, "\(size)") }
        #expect(found(.init(shardSize: 3, tenants: ["a"])).isEmpty)
        #expect(found(.init(shardSize: 3, tenants: ["a"], tenantMatcher: nil)).first?.hasPrefix("warning: ") == true)
        #expect(
            findings([ring(4, algorithm: .hashmod, sharding: ShuffleSharding(shardSize: 2))]).first?
                .contains("hashmod does not support shuffle sharding") == true)
    }

    @Test func `Two shuffle-sharded hashrings with the same name are an error`() {
        let sharded = ring(4, tenants: ["a"], sharding: ShuffleSharding(shardSize: 2))
        #expect(findings([sharded, ring(4, name: "h", sharding: ShuffleSharding(shardSize: 2))]).count == 1)
    }

    @Test func `Any change of a file is an error while a shuffle-sharded hashring keeps its name`() {
        let sharded = ring(4, sharding: ShuffleSharding(shardSize: 2))
        let text = HashringFile([sharded]).encoded()
        #expect(findings([sharded], previous: text).isEmpty)
        #expect(findings([sharded], previous: text + " ").count == 1)
        var renamed = sharded
        renamed.name = "h-2"
        #expect(findings([renamed], previous: text + " ").isEmpty)
        var off = sharded
        off.shuffleSharding = nil
        #expect(findings([off], previous: text).isEmpty)
        #expect(findings([sharded], previous: HashringFile([off]).encoded()).isEmpty)
        #expect(findings([sharded], previous: "not JSON").isEmpty)
    }
}
