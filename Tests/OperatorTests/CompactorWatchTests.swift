import Kube
import PlanningInput
import Testing

@testable import Operator

@Suite("Compactors are asked whether they have halted")
struct CompactorWatchTests {
    private static let view = ObjectKey(namespace: "observability", name: "main")
    private static let key = ObjectKey(namespace: "observability", name: "main-compact-0")
    private static let pod = CompactorStateMachine.Pod(view: view, address: "10.0.0.1", uid: "1")

    /// A state machine that expectations can use.
    private final class Asker {
        private var machine = CompactorStateMachine()

        func set(_ pod: CompactorStateMachine.Pod?, _ now: Duration) -> Bool {
            machine.set(CompactorWatchTests.key, pod, now: now)
        }
        func next(_ now: Duration) -> CompactorStateMachine.Polls.Step { machine.next(now: now) }
        func answered(
            _ question: CompactorStateMachine.Polls.Question, _ answer: CompactorMetrics?, _ now: Duration
        ) -> CompactorState? {
            machine.answered(question, answer, now: now)?.state
        }
    }

    private static func metrics(_ text: String) throws -> CompactorMetrics {
        var metrics = CompactorMetrics()
        _ = try metrics.take(status: 200, Array(text.utf8))
        return metrics
    }

    @Test func `The metrics of a compactor say whether it has halted`() throws {
        let help = "# TYPE thanos_compact_halted gauge\nthanos_compact_halted_other 1\n"
        #expect(try Self.metrics("\(help)thanos_compact_halted 1\n").isHalted == true)
        #expect(try Self.metrics("\(help)thanos_compact_halted 0\n").isHalted == false)
        var other = try Self.metrics(help)
        #expect(throws: CompactorMetrics.Problem.self) { try other.take(status: 200, []) }
        #expect(throws: CompactorMetrics.Problem.self) { try other.take(status: 503, []) }
    }

    @Test func `A compactor is asked once a minute, and what is new is told once`() throws {
        let machine = Asker()
        #expect(machine.set(Self.pod, .zero))
        #expect(!machine.set(Self.pod, .zero))
        var told: [CompactorState] = []
        var now = Duration.zero
        for halted in [0, 1, 1, 0] {
            let question = try #require(machine.next(now).questions.first)
            #expect(machine.next(now).questions == [], "an answer is awaited")
            let news = machine.answered(question, try Self.metrics("thanos_compact_halted \(halted)\n"), now)
            if let news { told.append(news) }
            #expect(machine.next(now).at == now + .seconds(60))
            now += .seconds(60)
        }
        #expect(told == [.working, .halted, .working])
    }

    @Test func `A compactor that does not answer is what it was, and is asked less and less often`() throws {
        let machine = Asker()
        _ = machine.set(Self.pod, .zero)
        var now = Duration.zero
        var waits: [Duration] = []
        for _ in 0..<12 {
            let question = try #require(machine.next(now).questions.first)
            #expect(machine.answered(question, nil, now) == nil)
            let at = try #require(machine.next(now).at)
            waits.append(at - now)
            now = at
        }
        #expect(waits.first == .seconds(1) && waits.last == .seconds(300))
    }

    @Test func `A pod that is gone is not asked, and another one of its name is asked at once`() throws {
        let machine = Asker()
        _ = machine.set(Self.pod, .zero)
        let question = try #require(machine.next(.zero).questions.first)
        var other = Self.pod
        other.uid = "2"
        #expect(machine.set(other, .seconds(1)))
        #expect(
            machine.answered(question, try Self.metrics("thanos_compact_halted 1\n"), .seconds(1)) == nil)
        #expect(machine.next(.seconds(1)).questions.count == 1)
        #expect(machine.set(nil, .seconds(2)))
        #expect(machine.next(.seconds(500)) == .init())
    }
}
