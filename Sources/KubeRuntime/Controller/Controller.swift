import Kube
import Logging
import Observability

/// When a reconciled key is reconciled again although nothing has changed.
public enum ReconcileResult: Sendable, Hashable {
    /// Not until something changes.
    case done
    /// After a time, which ends the key's back-off.
    case requeueAfter(Duration)
}

/// Reconciles keys: each one whenever something changes that it depends on.
///
/// Sources add keys (``watch(_:_:)``, ``enqueue(_:priority:after:)``), workers take them. A key is never reconciled by
/// two workers at once, and a key that changes while it is reconciled is reconciled once more.
public final class Controller<Key: Hashable & Sendable>: Sendable {
    /// The name in logs and metrics.
    public let name: String
    /// The keys that wait to be reconciled.
    public let queue: WorkQueue<Key>

    private let workers: Int
    private let accepts: @Sendable (Key) -> Bool
    private let metrics: ControllerMetrics?
    private let logger: Logger
    private let time: TimeSource

    /// A controller; `workers` is how many keys are reconciled at the same time, and keys that it does not accept are never
    /// reconciled.
    public init(
        name: String, workers: Int = 8, accepts: @escaping @Sendable (Key) -> Bool = { _ in true },
        backoff: WorkQueueBackoff = WorkQueueBackoff(), registry: MetricsRegistry? = nil, logger: Logger,
        time: TimeSource = .system
    ) {
        self.name = name
        self.workers = workers
        self.accepts = accepts
        metrics = registry.map { ControllerMetrics($0, controller: name) }
        self.logger = logger
        self.time = time
        let queueMetrics = registry.map { WorkQueueMetrics($0, name: name) }
        let queue = WorkQueue<Key>(backoff: backoff, metrics: queueMetrics, time: time)
        self.queue = queue
        metrics?.maximumConcurrentReconciles.set(Double(workers))
        registry?.beforeScrape { [weak queue] in queue?.updateGauges() }
    }

    /// Adds a key, ready at once or after a delay.
    public func enqueue(_ key: Key, priority: Int = WorkPriority.normal, after delay: Duration = .zero) {
        if accepts(key) { queue.add(key, priority: priority, after: delay) }
    }

    /// Adds the keys that a change of an object concerns; `map` gets what was known before and what is known now.
    ///
    /// The keys of a first list have low priority, so that new edits overtake them.
    public func watch<Value>(
        _ store: Store<Value>, _ map: @escaping @Sendable (Store<Value>.Change) -> [Key]
    ) {
        store.onChange { [queue, accepts] change in
            let priority = change.isInitial ? WorkPriority.startup : WorkPriority.normal
            for key in map(change) where accepts(key) { queue.add(key, priority: priority) }
        }
    }

    /// Reconciles until ``shutDown()`` or until the task is cancelled, which also cancels what is being reconciled.
    ///
    /// The closure reconciles one key. A failure that it throws is logged, and the key is tried again after its back-off.
    public func run(_ reconcile: @escaping @Sendable (Key) async throws -> ReconcileResult) async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for _ in 0..<workers {
                    group.addTask {
                        while let taken = await self.queue.next() { await self.process(taken, reconcile) }
                    }
                }
            }
        } onCancel: {
            queue.shutDown()
        }
    }

    /// Refuses further keys; ``run(_:)`` returns when what is being reconciled has ended.
    public func shutDown() { queue.shutDown() }

    private func process(
        _ taken: WorkQueue<Key>.Taken, _ reconcile: @Sendable (Key) async throws -> ReconcileResult
    ) async {
        await LogContext.reconciling(taken.key) { await perform(taken, reconcile) }
    }

    private func perform(
        _ taken: WorkQueue<Key>.Taken, _ reconcile: @Sendable (Key) async throws -> ReconcileResult
    ) async {
        metrics?.activeWorkers.add(1)
        let start = time.now()
        let outcome: ControllerMetrics.Outcome
        do {
            switch try await reconcile(taken.key) {
            case .done:
                queue.forget(taken.key)
                outcome = .success
            case .requeueAfter(let delay):
                queue.forget(taken.key)
                queue.add(taken.key, priority: taken.priority, after: delay)
                outcome = .requeueAfter
            }
        } catch is CancellationError where Task.isCancelled {
            // The process stops, and finds the key again when it starts.
            outcome = .error
        } catch {
            let delay = queue.addRateLimited(taken.key, priority: taken.priority)
            outcome = .error
            log(error, taken.key, retryAfter: delay)
        }
        queue.done(taken.key)
        metrics?.finished(outcome, after: time.now() - start)
        metrics?.activeWorkers.add(-1)
    }

    private func log(_ error: any Error, _ key: Key, retryAfter delay: Duration) {
        logger.error(
            "reconcile failed",
            metadata: [
                "controller": "\(name)", "key": "\(key)", "error": "\(error)", "retryAfter": "\(delay)",
            ])
    }
}
