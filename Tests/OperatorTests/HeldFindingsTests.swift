import Kube
import PlanningInput
import Testing

@testable import Operator

/// Which findings become Events, and when.
@Suite("Findings that last")
struct HeldFindingsTests {
    private struct Missing: Finding {
        var topic: String
        var words = ""
        var hasHappened = false
    }

    private static let key = PlanKey.tenant(ObjectKey(namespace: "a", name: "t"))
    private static let hold = HeldFindings<Missing>.hold

    @Test func `A finding that is gone within some seconds is not reported`() {
        var held = HeldFindings<Missing>()
        _ = held.set([Missing(topic: "secret")], of: Self.key, now: .zero)
        #expect(held.next(now: .seconds(1)).at == Self.hold)
        _ = held.set([], of: Self.key, now: .seconds(2))
        let step = held.next(now: .seconds(60))
        #expect(step.due.isEmpty && step.at == nil)
    }

    @Test func `A finding that lasts is reported once, however often it is planned`() {
        var held = HeldFindings<Missing>()
        _ = held.set([Missing(topic: "secret")], of: Self.key, now: .zero)
        _ = held.set([Missing(topic: "secret")], of: Self.key, now: .seconds(3))
        #expect(held.next(now: Self.hold).due.map(\.finding.topic) == ["secret"])
        _ = held.set([Missing(topic: "secret")], of: Self.key, now: .seconds(20))
        #expect(held.next(now: .seconds(60)).due.isEmpty)
    }

    @Test func `A finding whose words change does not start to wait again, and is reported with its new words`() {
        var held = HeldFindings<Missing>()
        _ = held.set([Missing(topic: "secret", words: "1 of 3")], of: Self.key, now: .zero)
        _ = held.set([Missing(topic: "secret", words: "2 of 3")], of: Self.key, now: .seconds(4))
        #expect(held.next(now: Self.hold).due.map(\.finding.words) == ["2 of 3"])
        _ = held.set([Missing(topic: "secret", words: "3 of 3")], of: Self.key, now: .seconds(30))
        #expect(held.next(now: .seconds(30)).due.map(\.finding.words) == ["3 of 3"])
    }

    @Test func `What has just happened is reported at once`() {
        var held = HeldFindings<Missing>()
        let edited = Missing(topic: "edited", hasHappened: true)
        #expect(held.set([edited], of: Self.key, now: .seconds(1)) == [edited])
        #expect(held.set([edited], of: Self.key, now: .seconds(2)) == [])
        #expect(held.next(now: .seconds(60)).due.isEmpty)
    }

    @Test func `A finding that returns after it was gone waits again`() {
        var held = HeldFindings<Missing>()
        _ = held.set([Missing(topic: "secret")], of: Self.key, now: .zero)
        _ = held.next(now: Self.hold)
        _ = held.set([], of: Self.key, now: .seconds(10))
        _ = held.set([Missing(topic: "secret")], of: Self.key, now: .seconds(20))
        #expect(held.next(now: .seconds(21)).at == .seconds(20) + Self.hold)
    }
}
