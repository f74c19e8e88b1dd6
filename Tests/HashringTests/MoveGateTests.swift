import Testing

@testable import Hashring

@Suite("Changes of members that move many series")
struct MoveGateTests {
    private func ring(_ count: Int, from first: Int = 0, zone: String? = nil) -> Hashring {
        Hashring(
            name: "h", endpoints: (first..<(first + count)).map { Endpoint(address: "r-\($0):1", zone: zone) },
            algorithm: .ketama)
    }

    private func decide(
        _ old: Hashring, _ new: Hashring, limit: Double = 0.4, allowed: Set<String> = [], copies: Int = 1
    ) -> MoveGate.Decision {
        MoveGate(limit: limit, allowed: allowed).decide(from: old, to: new, replicationFactor: copies)
    }

    @Test func `A change that moves more than the limit waits, by the hash of Thanos`() throws {
        guard case .hold(let change) = decide(ring(3), ring(6)) else {
            Issue.record("it does not wait")
            return
        }
        // Ketama moves what the new receivers get: about a half.
        #expect((0.4...0.6).contains(change.share))
        let files = HashringDifference.between(
            HashringFile([ring(3)]), HashringFile([ring(6)]), replicationFactor: 1)
        #expect(files.first?.movedSeries == change.share)
    }

    @Test func `A change that moves less than the limit goes on`() {
        #expect(decide(ring(5), ring(6)) == .pass)
        #expect(decide(ring(3), ring(6), limit: 0.7) == .pass)
        #expect(decide(ring(3), ring(3)) == .pass)
    }

    @Test func `The first members, and a hashring that was empty, do not wait`() {
        #expect(decide(ring(0), ring(6)) == .pass)
    }

    @Test func `A change waits until exactly it is allowed`() {
        guard case .hold(let change) = decide(ring(3), ring(6)) else {
            Issue.record("it does not wait")
            return
        }
        #expect(decide(ring(3), ring(6), allowed: [change.name]) == .allowed(change))
        for (old, new) in [(ring(3), ring(7)), (ring(6), ring(3))] {
            guard case .hold = decide(old, new, limit: 0, allowed: [change.name]) else {
                Issue.record("another change is allowed")
                continue
            }
        }
        // The order of members moves nothing.
        var reversed = ring(6)
        reversed.endpoints.reverse()
        #expect(decide(ring(3), reversed, allowed: [change.name]) == .allowed(change))
    }

    @Test func `A step counts with all steps after it, and one permission is for all of them`() {
        let gate = MoveGate(limit: 0.4, allowed: [])
        #expect(gate.decide(from: ring(3), to: ring(4), replicationFactor: 1) == .pass)
        guard case .hold(let change) = gate.decide(from: ring(3), to: ring(4), goal: ring(6), replicationFactor: 1)
        else {
            Issue.record("it does not wait")
            return
        }
        #expect(change.name == MoveGate.name(ring(6)))
        let open = MoveGate(limit: 0.1, allowed: [change.name])
        for count in 3..<6 {
            guard
                case .allowed = open.decide(
                    from: ring(count), to: ring(count + 1), goal: ring(6), replicationFactor: 1)
            else {
                Issue.record("step \(count) waits")
                continue
            }
        }
    }

    @Test func `A replaced hashring moves everything, and so may a change of zones`() {
        guard case .hold(let change) = decide(ring(3), ring(3, from: 3)) else {
            Issue.record("it does not wait")
            return
        }
        #expect(change.share == 1)
        #expect(decide(ring(3), ring(3, zone: "z"), limit: 1) == .pass)
    }

    @Test func `Fewer old members than copies are no obstacle`() {
        #expect(decide(ring(1), ring(3), limit: 1, copies: 3) == .pass)
        guard case .hold = decide(ring(1), ring(3), copies: 3) else {
            Issue.record("it does not wait")
            return
        }
    }

    @Test func `Shards count with their mean`() {
        func sharded(_ count: Int) -> Hashring {
            var ring = ring(count)
            ring.shuffleSharding = ShuffleSharding(shardSize: 2)
            return ring
        }
        let share = HashringDifference.share(from: sharded(4), to: sharded(5), replicationFactor: 1)
        #expect(share > 0 && share < 1)
    }
}
