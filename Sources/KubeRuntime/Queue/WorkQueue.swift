import DequeModule
import Kube
import Observability

/// A deduplicating queue of keys with priorities, delays and back-off. One worker at a time processes a key.
///
/// Workers ask with ``next()`` and give back with ``done(_:)``. Adding never waits.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    /// A key that a worker has to process now.
    public struct Taken: Sendable {
        /// The key.
        public var key: Key
        /// The priority it was taken with, to be kept when it is added again after a failure.
        public var priority: Int
    }

    private typealias Machine = WorkQueueStateMachine<Key>

    private struct State {
        var machine: Machine
        var waiters: Deque<(id: UInt64, continuation: CheckedContinuation<Taken?, Never>)> = []
        var nextID: UInt64 = 0
        var alarm: (due: Duration, task: Task<Void, Never>)?
    }

    private let state: Locked<State>
    private let time: TimeSource
    private let metrics: WorkQueueMetrics?

    /// An empty queue.
    public init(
        backoff: WorkQueueBackoff = WorkQueueBackoff(), metrics: WorkQueueMetrics? = nil,
        time: TimeSource = .system
    ) {
        state = Locked(State(machine: Machine(backoff: backoff)))
        self.time = time
        self.metrics = metrics
    }

    deinit { state.withLock { $0.alarm }?.task.cancel() }

    /// How many keys are ready to be processed.
    public var depth: Int { state.withLock { $0.machine.depth } }
    /// Whether nothing is ready, waiting or being processed.
    public var isIdle: Bool { state.withLock { $0.machine.isEmpty } }

    /// What a queue has to do and is doing.
    public struct Work: Sendable {
        /// How many keys are ready.
        public var ready: Int
        /// How many keys wait for their time.
        public var waiting: Int
        /// The keys that are being processed, and for how long.
        public var processing: [Key: Duration]
        /// The keys that have failed, and how often in a row.
        public var failures: [Key: Int]
    }

    /// What there is to do and is being done.
    public var work: Work {
        let now = time.now()
        return state.withLock { state in
            let work = state.machine.work
            return Work(
                ready: state.machine.depth, waiting: state.machine.waitingCount,
                processing: work.taken.mapValues { now - $0 }, failures: work.failures)
        }
    }

    /// Sets the gauges to the present values; to be called before each scrape.
    public func updateGauges() {
        guard let metrics else { return }
        let now = time.now()
        let (times, depths) = state.withLock { ($0.machine.processingSince, $0.machine.depths) }
        let seconds = times.map { (now - $0).seconds }
        metrics.unfinishedWork.set(seconds.reduce(0, +))
        metrics.longestRunning.set(seconds.max() ?? 0)
        for (priority, depth) in depths { metrics.depth(priority: priority).set(Double(depth)) }
    }

    /// Adds a key, ready at once or after a delay; a key that is being processed comes back once afterwards.
    public func add(_ key: Key, priority: Int = WorkPriority.normal, after delay: Duration = .zero) {
        let now = time.now()
        if change({ $0.add(key, priority: priority, after: delay, now: now) }) { metrics?.adds.increment() }
    }

    /// Adds a key after its back-off, which doubles with every call until ``forget(_:)``; returns the delay.
    @discardableResult
    public func addRateLimited(_ key: Key, priority: Int = WorkPriority.normal) -> Duration {
        let now = time.now()
        let delay = change { $0.addRateLimited(key, priority: priority, now: now) }
        metrics?.adds.increment()
        metrics?.retries.increment()
        return delay
    }

    /// Ends a key's back-off: its next failure counts as its first.
    public func forget(_ key: Key) { state.withLock { $0.machine.forget(key) } }

    /// Gives back a key after processing.
    public func done(_ key: Key) {
        let now = time.now()
        if let worked = change({ $0.done(key, now: now) }) { metrics?.workDuration.observe(worked) }
    }

    /// The next key to process; nil once the queue is shut down or the task is cancelled.
    public func next() async -> Taken? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    // The handler below runs before or after this; it looks for the waiter under the same lock.
                    if Task.isCancelled { return true }
                    state.waiters.append((id, continuation))
                    return false
                }
                if isCancelled {
                    continuation.resume(returning: nil)
                } else {
                    dispatch()
                }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: nil)
        }
    }

    /// Refuses new keys, drops those that are queued, and lets ``next()`` return nil. The next start finds them again.
    public func shutDown() { change { $0.shutDown() } }

    @discardableResult
    private func change<Result>(_ body: (inout WorkQueueStateMachine<Key>) -> Result) -> Result {
        let result = state.withLock { body(&$0.machine) }
        dispatch()
        return result
    }

    /// Gives ready keys to waiting workers, and sets the alarm for the next key that becomes ready.
    private func dispatch() {
        while true {
            let now = time.now()
            // Runs with the lock released; returns whether there may be more to do.
            let handover = state.withLock { state -> (() -> Bool)? in
                guard !state.waiters.isEmpty else { return nil }
                switch state.machine.next(now: now) {
                case .take(let taken):
                    guard let waiter = state.waiters.popFirst() else { return nil }
                    return { [metrics] in
                        metrics?.queueDuration.observe(taken.queued)
                        waiter.continuation.resume(returning: Taken(key: taken.key, priority: taken.priority))
                        return true
                    }
                case .finished:
                    guard let waiter = state.waiters.popFirst() else { return nil }
                    return {
                        waiter.continuation.resume(returning: nil)
                        return true
                    }
                case .wait(let due):
                    guard let former = setAlarm(&state, due: due, now: now) else { return nil }
                    return {
                        former.cancel()
                        return false
                    }
                }
            }
            guard let handover, handover() else { return }
        }
    }

    /// Sets the alarm; returns the former one, to be cancelled.
    private func setAlarm(_ state: inout State, due: Duration?, now: Duration) -> Task<Void, Never>? {
        let former = state.alarm
        guard let due else {
            state.alarm = nil
            return former?.task
        }
        if let former, former.due <= due { return nil }
        let task = Task { [weak self, time] in
            guard await time.wait(due - now) else { return }
            self?.ring(due)
        }
        state.alarm = (due, task)
        return former?.task
    }

    private func ring(_ due: Duration) {
        state.withLock { state in
            if state.alarm?.due == due { state.alarm = nil }
        }
        dispatch()
    }
}

/// The priorities that the runtime gives; a higher number goes first.
public enum WorkPriority {
    /// What changed just now.
    public static let normal = 0
    /// What is only reconciled because the operator has started.
    public static let startup = -100
}
