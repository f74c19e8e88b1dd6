import KubeRuntime

/// Asks pods as they become due by a state machine around ``PodPolls``.
final class PodPoller<Place: Hashable & Comparable & Sendable>: Sendable {
    typealias Polls = PodPolls<Place>

    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let time: TimeSource

    init(time: TimeSource) { self.time = time }

    /// Tells that something has changed: what is due is determined again.
    func wake() { wakes.continuation.yield() }

    /// Asks until the task is cancelled; only one task at a time may call this. After each answer `next` is called again.
    func run(
        next: (_ now: Duration) -> Polls.Step, ask: @escaping @Sendable (Polls.Question) async -> Void
    ) async {
        await withDiscardingTaskGroup { group in
            var timer: Task<Void, any Error>?
            var wakes = wakes.stream.makeAsyncIterator()
            while !Task.isCancelled {
                timer?.cancel()
                let now = time.now()
                let step = next(now)
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
    }
}
