import Kube
import PlanningInput

/// Which Compactors to ask whether they have halted, and when: each once a minute.
///
/// It has no clock and makes no requests.
struct CompactorStateMachine: PodPolling {
    typealias Place = ObjectKey
    typealias Polls = PodPolls<ObjectKey>

    /// The pod of a Compactor.
    struct Pod: Equatable, Sendable {
        var view: ObjectKey
        var address: String
        var uid: String?
    }

    private struct Entry: Sendable {
        var pod: Pod
        var told: CompactorState?
    }

    /// The time between an answer and the next question.
    static let interval = Duration.seconds(60)
    /// The longest wait for one that does not answer: a network policy may block the requests for good.
    static let longestSilentWait = Duration.seconds(300)

    private var entries: [ObjectKey: Entry] = [:]
    private var polls = Polls()

    /// Takes over a pod; nil if it is gone. Returns whether that has changed.
    mutating func set(_ key: ObjectKey, _ pod: Pod?, now: Duration) -> Bool {
        guard entries[key]?.pod != pod else { return false }
        entries[key] = pod.map { Entry(pod: $0) }
        if pod == nil { polls.forget(key) } else { polls.ask(key, at: now) }
        return true
    }

    mutating func next(now: Duration) -> Polls.Step { polls.next(now: now) }

    mutating func stop(now: Duration) { polls.stop(now: now) }

    /// A pod that is still followed.
    func pod(_ key: ObjectKey) -> Pod? { entries[key]?.pod }

    /// Takes in an answer, nil for none; returns the view and what is new about its pod.
    mutating func answered(
        _ question: Polls.Question, _ answer: CompactorMetrics?, now: Duration
    ) -> (view: ObjectKey, state: CompactorState)? {
        let key = question.place
        guard polls.answered(question), let entry = entries[key] else { return nil }
        // One that is silent for a while is what it was.
        guard let isHalted = answer?.isHalted else {
            polls.askLater(key, now: now, atMost: Self.longestSilentWait)
            return nil
        }
        polls.ask(key, at: now + Self.interval)
        let state = isHalted ? CompactorState.halted : .working
        guard entry.told != state else { return nil }
        entries[key]?.told = state
        return (entry.pod.view, state)
    }
}
