import Kube
import Testing

@testable import Hashring

@Suite("Membership of receivers")
struct MembershipTests {
    static let now = Timestamp(seconds: 1_000_000)

    static func ago(_ seconds: Int64) -> Timestamp { Timestamp(seconds: now.seconds - seconds) }

    static func endpoint(_ ordinal: Int, _ set: String = "r", zone: String? = nil) -> Endpoint {
        Endpoint(address: "\(set)-\(ordinal):1", zone: zone)
    }

    static func ready(_ ordinal: Int, _ set: String = "r", since: Int64 = 60, zone: String? = nil) -> Membership.Replica
    {
        .init(
            endpoint: endpoint(ordinal, set, zone: zone), pod: "\(set)-\(ordinal)", statefulSet: set, ordinal: ordinal,
            readySince: ago(since))
    }

    static func unready(_ ordinal: Int, since: Int64? = 0, isWanted: Bool = true) -> Membership.Replica {
        .init(
            endpoint: endpoint(ordinal), pod: "r-\(ordinal)", statefulSet: "r", ordinal: ordinal, isWanted: isWanted,
            unreadySince: since.map(ago), isTerminating: !isWanted)
    }

    /// Decides, and returns the ordinals of the members.
    func decide(
        _ previous: [Int], _ observed: [Membership.Replica], _ policy: Membership.Policy = .init(),
        lastChange: Timestamp? = nil
    ) -> (members: [Int], pending: [String: Membership.Reason], recheck: Duration?) {
        let decision = Membership.decide(
            previous: previous.map { Self.endpoint($0) }, observed: observed, policy: policy, now: Self.now,
            lastChange: lastChange)
        return (
            decision.members.compactMap { Int($0.address.dropFirst(2).dropLast(2)) },
            Dictionary(uniqueKeysWithValues: decision.pending.map { ($0.pod, $0.reason) }), decision.recheckAfter
        )
    }

    @Test func `Receivers join once they are ready`() {
        let result = decide([0, 1], [Self.ready(0), Self.ready(1), Self.ready(2), Self.unready(3)])
        #expect(result.members == [0, 1, 2])
        #expect(result.pending == ["r-3": .notReady])
        #expect(result.recheck == nil)
    }

    @Test func `Receivers join only after they have been ready for long enough`() {
        let policy = Membership.Policy(joinAfter: .seconds(30))
        let result = decide([0], [Self.ready(0), Self.ready(1, since: 10), Self.ready(2, since: 30)], policy)
        #expect(result.members == [0, 2])
        #expect(result.pending == ["r-1": .joinDelayed])
        #expect(result.recheck == .seconds(20))
    }

    @Test func `A member that restarts stays, and leaves if it does not come back in time`() {
        let observed = [Self.ready(0), Self.unready(1, since: 299)]
        let before = decide([0, 1], observed)
        #expect(before.members == [0, 1])
        #expect(before.pending == ["r-1": .unready])
        #expect(before.recheck == .seconds(1))
        let after = decide([0, 1], [Self.ready(0), Self.unready(1, since: 300)])
        #expect(after.members == [0])
        // The decision already says what the next one will say, so that no status is written twice.
        #expect(after.pending == ["r-1": .notReady])
        #expect(decide([0], [Self.ready(0), Self.unready(1, since: 300)]).pending == after.pending)
    }

    @Test func `A member that is gone since an unknown time gets the full time to come back`() {
        let result = decide([0, 1], [Self.ready(0), Self.unready(1, since: nil)])
        #expect(result.members == [0, 1])
        #expect(result.recheck == .seconds(300))
    }

    @Test func `A scaled-down receiver leaves at once, whether it terminates or is gone`() {
        let result = decide([0, 1, 2, 10], [Self.ready(0), Self.ready(1), Self.unready(10, isWanted: false)])
        #expect(result.members == [0, 1])
        #expect(result.pending.isEmpty)
    }

    @Test func `Members stay if fewer than the copies or the minimum would remain`() {
        let observed = [Self.ready(0), Self.ready(1), Self.unready(2, isWanted: false)]
        let result = decide([0, 1, 2], observed, .init(minimumReplicas: 3))
        #expect(result.members == [0, 1, 2])
        #expect(result.pending == ["r-2": .held])
        #expect(decide([0, 1, 2], observed, .init(replicationFactor: 3)).members == [0, 1, 2])
    }

    @Test func `A held member leaves as soon as another takes its place`() {
        let observed = [Self.ready(0), Self.ready(1), Self.unready(2, since: 600), Self.ready(3)]
        let result = decide([0, 1, 2], observed, .init(minimumReplicas: 3))
        #expect(result.members == [0, 1, 3])
        #expect(result.pending == ["r-2": .notReady])
    }

    @Test func `The members that were unready the longest leave first if not all may`() {
        let observed = [Self.ready(0), Self.unready(1, since: 400), Self.unready(2, since: 500)]
        let result = decide([0, 1, 2], observed, .init(replicationFactor: 2))
        #expect(result.members == [0, 1])
        #expect(result.pending == ["r-1": .held, "r-2": .notReady])
    }

    @Test func `The first publication waits for enough ready receivers`() {
        let policy = Membership.Policy(replicationFactor: 2)
        let waiting = decide([], [Self.ready(0), Self.unready(1)], policy)
        #expect(waiting.members.isEmpty)
        #expect(waiting.pending == ["r-0": .tooFewReady, "r-1": .notReady])
        #expect(decide([], [Self.ready(0), Self.ready(1)], policy).members == [0, 1])
    }

    @Test func `Steps are limited in size and spaced in time`() {
        let policy = Membership.Policy(maximumStep: 1, stepInterval: .seconds(30))
        let observed = [Self.ready(0), Self.ready(1), Self.ready(2)]
        let first = decide([0], observed, policy)
        #expect(first.members == [0, 1])
        #expect(first.pending == ["r-2": .stepLimited])
        #expect(first.recheck == .seconds(30))
        let tooEarly = decide([0, 1], observed, policy, lastChange: Self.ago(10))
        #expect(tooEarly.members == [0, 1])
        #expect(tooEarly.recheck == .seconds(20))
        #expect(decide([0, 1], observed, policy, lastChange: Self.ago(30)).members == [0, 1, 2])
        let leaving = decide([0, 1, 2], [Self.ready(0)], policy)
        #expect(leaving.members == [0, 1] && leaving.recheck == .seconds(30))
    }

    @Test func `The first member of a new zone waits until the zones are even enough`() {
        let three = (0..<5).map { Self.ready($0, zone: "a") }
        let previous = three.map(\.endpoint)
        let policy = Membership.Policy(replicationFactor: 4)
        func members(_ new: [Membership.Replica], _ policy: Membership.Policy) -> Membership.Decision {
            Membership.decide(previous: previous, observed: three + new, policy: policy, now: Self.now)
        }
        let one = members([Self.ready(0, "s", zone: "b")], policy)
        #expect(one.members == previous)
        #expect(one.pending == [.init(pod: "s-0", reason: .zonesUneven, since: Self.ago(60))])
        #expect(members([Self.ready(0, "s", zone: "b"), Self.ready(1, "s", zone: "b")], policy).members.count == 7)
        var hashmod = policy
        hashmod.heedsZones = false
        #expect(members([Self.ready(0, "s", zone: "b")], hashmod).members.count == 6)
    }

    @Test func `Members are in the order of StatefulSets and ordinals, in whatever order pods were observed`() {
        let observed = [Self.ready(0, "z"), Self.ready(10), Self.ready(2), Self.ready(9)]
        let decision = Membership.decide(
            previous: [Self.endpoint(9)], observed: observed, policy: .init(), now: Self.now)
        #expect(decision.members.map(\.address) == ["z-0:1", "r-2:1", "r-9:1", "r-10:1"])
    }

    @Test func `Members that stay although their pods are gone keep their places`() {
        let policy = Membership.Policy(minimumReplicas: 3)
        let halfGone = decide([0, 1, 2, 3], [Self.ready(0), Self.unready(2, isWanted: false), Self.ready(3)], policy)
        #expect(halfGone.members == [0, 1, 3])
        #expect(decide([0, 1, 2], [Self.ready(2)], policy).members == [0, 1, 2])
    }

    @Test func `If readiness does not count, all wanted receivers are members`() {
        let policy = Membership.Policy(joinsUnready: true)
        let result = decide(
            [0], [Self.unready(0, since: 9999), Self.unready(1), Self.unready(2, isWanted: false)], policy)
        #expect(result.members == [0, 1])
        #expect(result.recheck == nil)
    }

    @Test func `The first members are pending until they are ready`() {
        let policy = Membership.Policy(joinsUnready: true)
        let result = decide([], [Self.ready(0), Self.unready(1)], policy)
        #expect(result.members == [0, 1])
        #expect(result.pending == ["r-1": .unready])
    }

    @Test func `A decision that was published is decided again`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let observed = (0..<6).map { ordinal in
                Bool.random(using: &random)
                    ? Self.ready(ordinal, since: .random(in: 0...60, using: &random))
                    : Self.unready(
                        ordinal, since: .random(in: 0...600, using: &random), isWanted: .random(using: &random))
            }
            let policy = Membership.Policy(
                replicationFactor: .random(in: 1...3, using: &random), joinAfter: .seconds(30))
            let previous = (0..<7).filter { _ in Bool.random(using: &random) }.map { Self.endpoint($0) }
            let first = Membership.decide(previous: previous, observed: observed, policy: policy, now: Self.now)
            let second = Membership.decide(previous: first.members, observed: observed, policy: policy, now: Self.now)
            #expect(first.members == second.members, "\(observed) after \(previous)")
            #expect(first.members.count >= min(previous.count, policy.floor))
        }
    }
}

// The clocks of nodes and API servers differ.
extension MembershipTests {
    @Test func `A receiver that is ready in the future by the clock of its node joins now`() {
        let ahead = [Self.ready(0), Self.ready(1, since: -3600)]
        #expect(decide([0], ahead).members == [0, 1])
        let patient = decide([0], ahead, Membership.Policy(joinAfter: .seconds(30)))
        #expect(patient.members == [0])
        #expect(patient.recheck == .seconds(30))
    }

    @Test func `A member that is unready in the future gets the usual time to come back`() {
        let result = decide([0, 1], [Self.ready(0), Self.unready(1, since: -3600)])
        #expect(result.members == [0, 1])
        #expect(result.recheck == .seconds(300))
    }

    @Test func `A last change in the future by the clock of another leader delays no step`() {
        let policy = Membership.Policy(maximumStep: 1)
        let result = decide([0], [Self.ready(0), Self.ready(1)], policy, lastChange: Self.ago(-3600))
        #expect(result.members == [0, 1])
    }
}
