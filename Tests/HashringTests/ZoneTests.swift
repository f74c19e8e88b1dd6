import Kube
import Testing

@testable import Hashring

/// Who joins a ring whose receivers' zones count.
struct ZoneTests {
    /// A receiver that has been ready for a minute; without a zone, one whose zone is not known yet.
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

    @Test func `a receiver whose zone is not known does not join`() {
        let result = decide([(0, "a")], [Self.replica(0, "a"), Self.replica(1, nil), Self.replica(2, "b")])
        #expect(result.members == ["r-0 a", "r-2 b"])
        #expect(result.pending == ["r-1 ZoneUnknown"])
    }

    @Test func `a member keeps the zone that was published while the new one is not known`() {
        let result = decide([(0, "a"), (1, "b")], [Self.replica(0, nil), Self.replica(1, "c")])
        #expect(result.members == ["r-0 a", "r-1 c"])
        #expect(result.pending == [])
    }

    @Test func `members that were published without a zone say what they wait for`() {
        let result = decide([(0, nil), (1, nil)], [Self.replica(0, nil), Self.replica(1, "b")])
        #expect(result.members == ["r-0 -", "r-1 b"])
        #expect(result.pending == ["r-0 ZoneUnknown"])
    }

    @Test func `a first file names the receivers that wait for it, whose zones nobody can know before`() {
        let policy = Membership.Policy(replicationFactor: 2, joinsUnready: true)
        let result = decide([], [Self.replica(0, "a"), Self.replica(1, nil)], policy)
        #expect(result.members == ["r-0 a", "r-1 -"])
    }

    @Test func `zones that have become too uneven for the copies leave members where they were`() {
        let policy = Membership.Policy(replicationFactor: 4)
        let published: [(Int, String?)] = [(0, "a"), (1, "a"), (2, "b"), (3, "b"), (4, "b")]
        let observed = ["a", "b", "b", "b", "b"].enumerated().map { Self.replica($0.offset, $0.element) }
        let result = decide(published, observed, policy)
        #expect(result.members == ["r-0 a", "r-1 a", "r-2 b", "r-3 b", "r-4 b"])
        #expect(result.pending == ["r-1 ZonesUneven"])
    }
}
