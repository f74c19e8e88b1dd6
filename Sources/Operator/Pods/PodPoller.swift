import Kube
import KubeRuntime

/// A state machine around ``PodPolls``: decides which pods to ask and when.
protocol PodPolling: Sendable {
    associatedtype Place: Hashable & Comparable & Sendable

    /// What to ask now, and when to look again.
    mutating func next(now: Duration) -> PodPolls<Place>.Step

    /// No longer waits for answers: asking has stopped.
    mutating func stop(now: Duration)
}

/// Asks pods as they become due by a state machine.
final class PodPoller<Machine: PodPolling>: Sendable {
    typealias Question = PodPolls<Machine.Place>.Question

    private let machine: Locked<Machine>
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let time: TimeSource

    init(_ machine: Machine, time: TimeSource) {
        self.machine = Locked(machine)
        self.time = time
    }

    /// Reads or changes the state machine at the current time.
    func withMachine<Value>(_ body: (inout Machine, _ now: Duration) -> Value) -> Value {
        let now = time.now()
        return machine.withLock { body(&$0, now) }
    }

    /// Tells that something has changed: what is due is determined again.
    func wake() { wakes.continuation.yield() }

    /// Asks until the task is cancelled; only one task at a time may call this. After each answer it is determined again
    /// what is due.
    func run(ask: @escaping @Sendable (Question) async -> Void) async {
        await withDiscardingTaskGroup { group in
            var timer: Task<Void, any Error>?
            var wakes = wakes.stream.makeAsyncIterator()
            while !Task.isCancelled {
                timer?.cancel()
                let (step, now) = withMachine { ($0.next(now: $1), $1) }
                for question in step.questions {
                    group.addTask {
                        await ask(question)
                        self.wake()
                    }
                }
                timer = step.at.map { at in
                    Task { [time] in
                        try await time.sleep(at - now)
                        self.wake()
                    }
                }
                guard await wakes.next() != nil else { break }
            }
            timer?.cancel()
        }
        withMachine { $0.stop(now: $1) }
    }
}
