/// The rules of the work queue, without tasks or clocks; the caller passes the time.
///
/// A key is in at most one place: ready, waiting for its time, or being processed. A key that is added while it is being
/// processed is dirty: it comes back once when it is done. The rules are controller-runtime's priority queue's:
/// adding a key again can raise its priority and bring its time forward, never the other way.
struct WorkQueueStateMachine<Key: Hashable & Sendable> {
    /// A key that a worker has to process now.
    struct Taken: Equatable {
        var key: Key
        var priority: Int
        /// How long the key was ready before it was taken.
        var queued: Duration
    }

    /// The answer to a worker that asks for work.
    enum Next: Equatable {
        case take(Taken)
        /// Nothing is ready; the next key becomes so at this time, if any waits for one.
        case wait(until: Duration?)
        /// The queue is shut down, and the worker can end.
        case finished
    }

    private struct ReadyRank: Comparable {
        var priority: Int
        var order: UInt64
        var since: Duration
        static func < (left: ReadyRank, right: ReadyRank) -> Bool {
            left.priority != right.priority ? left.priority > right.priority : left.order < right.order
        }
        static func == (left: ReadyRank, right: ReadyRank) -> Bool {
            left.priority == right.priority && left.order == right.order
        }
    }

    private struct WaitingRank: Comparable {
        var due: Duration
        var order: UInt64
        var priority: Int
        static func < (left: WaitingRank, right: WaitingRank) -> Bool {
            left.due != right.due ? left.due < right.due : left.order < right.order
        }
    }

    private struct Processing {
        var since: Duration
        /// Set once the key was added meanwhile: when it is due (nil: at once), and its priority.
        var again: (due: Duration?, priority: Int)?
    }

    private let backoff: WorkQueueBackoff
    private var isShutDown = false
    private var ready = IndexedHeap<Key, ReadyRank>()
    private var waiting = IndexedHeap<Key, WaitingRank>()
    private var processing: [Key: Processing] = [:]
    private var failures: [Key: Int] = [:]
    private var order: UInt64 = 0
    /// How many keys of each priority are ready; a priority stays once it was used.
    private(set) var depths: [Int: Int] = [:]

    init(backoff: WorkQueueBackoff = WorkQueueBackoff()) { self.backoff = backoff }

    /// How many keys are ready.
    var depth: Int { ready.count }
    /// How many keys wait for their time.
    var waitingCount: Int { waiting.count }
    /// Whether nothing is ready, waiting or being processed.
    var isEmpty: Bool { ready.isEmpty && waiting.isEmpty && processing.isEmpty }
    /// When the next waiting key becomes ready.
    var nextDue: Duration? { waiting.first?.rank.due }

    /// The times at which the keys being processed were taken.
    var processingSince: [Duration] { processing.values.map(\.since) }

    /// The keys being processed with the times at which they were taken, and those that have failed, with how often.
    var work: (taken: [Key: Duration], failures: [Key: Int]) { (processing.mapValues(\.since), failures) }

    /// Adds a key, ready at once or after a delay; returns whether it counts as new work.
    @discardableResult
    mutating func add(_ key: Key, priority: Int, after delay: Duration = .zero, now: Duration) -> Bool {
        guard !isShutDown else { return false }
        let due: Duration? = delay > .zero ? now + delay : nil
        if let running = processing[key] {
            guard let again = running.again else {
                processing[key]?.again = (due, priority)
                return true
            }
            let earliest: Duration? = if let due, let known = again.due { min(due, known) } else { nil }
            processing[key]?.again = (earliest, max(priority, again.priority))
            return false
        }
        if let rank = ready[key] {
            if priority > rank.priority { makeReady(key, priority: priority, since: rank.since) }
            return false
        }
        if let rank = waiting[key] {
            let priority = max(priority, rank.priority)
            if let due {
                if due < rank.due || priority > rank.priority {
                    waiting[key] = WaitingRank(due: min(due, rank.due), order: rank.order, priority: priority)
                }
            } else {
                waiting[key] = nil
                makeReady(key, priority: priority, since: now)
            }
            return false
        }
        place(key, due: due, priority: priority, now: now)
        return true
    }

    /// Adds a key after its back-off, which doubles every time until ``forget(_:)``; returns the delay.
    @discardableResult
    mutating func addRateLimited(_ key: Key, priority: Int, now: Duration) -> Duration {
        let count = failures[key, default: 0]
        failures[key] = count + 1
        let delay = backoff.delay(afterFailures: count)
        add(key, priority: priority, after: delay, now: now)
        return delay
    }

    /// Ends a key's back-off: its next failure counts as its first.
    mutating func forget(_ key: Key) { failures[key] = nil }

    /// How often a key has failed in a row.
    func failureCount(_ key: Key) -> Int { failures[key] ?? 0 }

    /// What a worker has to do now; a key that is taken must be given back with ``done(_:now:)``.
    mutating func next(now: Duration) -> Next {
        if isShutDown { return .finished }
        while let first = waiting.first, first.rank.due <= now {
            waiting[first.key] = nil
            makeReady(first.key, priority: first.rank.priority, since: now)
        }
        if let (key, rank) = ready.popFirst() {
            depths[rank.priority, default: 0] -= 1
            processing[key] = Processing(since: now)
            return .take(Taken(key: key, priority: rank.priority, queued: now - rank.since))
        }
        return .wait(until: nextDue)
    }

    /// Ends a key's processing; returns how long it took, or nil if it was not being processed.
    @discardableResult
    mutating func done(_ key: Key, now: Duration) -> Duration? {
        guard let finished = processing.removeValue(forKey: key) else { return nil }
        if let again = finished.again, !isShutDown {
            place(key, due: again.due, priority: again.priority, now: now)
        }
        return now - finished.since
    }

    /// Refuses new keys and drops those that are queued: reconciling starts from what is there, so nothing is lost. Keys
    /// that are being processed end.
    mutating func shutDown() {
        isShutDown = true
        waiting.removeAll()
        ready.removeAll()
        depths = depths.mapValues { _ in 0 }
    }

    private mutating func place(_ key: Key, due: Duration?, priority: Int, now: Duration) {
        if let due, due > now {
            order += 1
            waiting[key] = WaitingRank(due: due, order: order, priority: priority)
        } else {
            makeReady(key, priority: priority, since: now)
        }
    }

    private mutating func makeReady(_ key: Key, priority: Int, since: Duration) {
        order += 1
        if let known = ready[key] { depths[known.priority, default: 0] -= 1 }
        depths[priority, default: 0] += 1
        ready[key] = ReadyRank(priority: priority, order: order, since: since)
    }
}

/// How long a key that failed waits: `base`·2ⁿ for its n-th failure in a row, up to `cap`.
public struct WorkQueueBackoff: Sendable, Hashable {
    /// The wait after the first failure.
    public var base: Duration
    /// The longest wait.
    public var cap: Duration

    /// A back-off. client-go's default is 5 ms up to 1000 s; this one ends at 5 minutes, so that a repair is noticed.
    public init(base: Duration = .milliseconds(5), cap: Duration = .seconds(300)) {
        self.base = base
        self.cap = cap
    }

    /// The wait after a failure that came after this many others.
    public func delay(afterFailures count: Int) -> Duration {
        count > 30 ? cap : min(cap, base * (1 << max(0, count)))
    }
}
