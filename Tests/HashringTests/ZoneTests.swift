import Kube
import Testing

@testable import Hashring

@Suite("Membership with zones")
struct ZoneTests {
    /// A receiver that has been ready for a minute; without a zone, its zone is not known yet.
    static func replica(_ ordinal: Int, _ zone: String?) -> Membership.Replica {
        var replica = MembershipTests.ready(ordinal, zone: zone)
        replica.isZoneKnown = zone != nil
        return replica
    }

    func decide(
        _ previous: [(Int, String?)], _ observed: [Membership.Replica], _ policy: Membership.Policy = .init()
    ) -> (members: [String], pending: [String]) {
        let decision = Membership.decide(
            previous: previous.map { MembershipTests.endpoint($0.0, zone: $0.1) }, observed: observed, policy: policy,
            now: MembershipTests.now)
        return (
            decision.members.map { "\($0.address.dropLast(2)) \($0.zone ?? "-")" },
            decision.pending.map { "\($0.pod) \($0.reason.rawValue)" }
        )
    }

    @Test func `A receiver whose zone is not known does not join`() {
        let result = decide([(0, "a")], [Self.replica(0, "a"), Self.replica(1, nil), Self.replica(2, "b")])
        #expect(result.members == ["r-0 a", "r-2 b"])
        #expect(result.pending == ["r-1 ZoneUnknown"])
    }

    @Test func `A member keeps its published zone while the new one is not known`() {
        let result = decide([(0, "a"), (1, "b")], [Self.replica(0, nil), Self.replica(1, "c")])
        #expect(result.members == ["r-0 a", "r-1 c"])
        #expect(result.pending == [])
    }

    @Test func `Members that were published without a zone are pending until it is known`() {
        let result = decide([(0, nil), (1, nil)], [Self.replica(0, nil), Self.replica(1, "b")])
        #expect(result.members == ["r-0 -", "r-1 b"])
        #expect(result.pending == ["r-0 ZoneUnknown"])
    }

    @Test func `A first file lists the receivers that wait for it, although their zones are not known yet`() {
        let policy = Membership.Policy(replicationFactor: 2, joinsUnready: true)
        let result = decide([], [Self.replica(0, "a"), Self.replica(1, nil)], policy)
        #expect(result.members == ["r-0 a", "r-1 -"])
    }

    @Test func `Members keep their published zones if the new ones are too uneven for the copies`() {
        let policy = Membership.Policy(replicationFactor: 4)
        let published: [(Int, String?)] = [(0, "a"), (1, "a"), (2, "b"), (3, "b"), (4, "b")]
        let observed = ["a", "b", "b", "b", "b"].enumerated().map { Self.replica($0.offset, $0.element) }
        let result = decide(published, observed, policy)
        #expect(result.members == ["r-0 a", "r-1 a", "r-2 b", "r-3 b", "r-4 b"])
        #expect(result.pending == ["r-1 ZonesUneven"])
    }
}
