import Kube
import Logging
import Observability

/// When a key that was reconciled is looked at again, without anything having changed.
public enum ReconcileResult: Sendable, Hashable {
    /// Not until something changes.
    case done
    /// After its back-off.
    case requeue
    /// After a time, which ends the key's back-off.
    case requeueAfter(Duration)
}

/// A failure that trying again does not mend: it is counted and logged, and the key waits for its next change.
public struct TerminalError: Error, CustomStringConvertible {
    /// What failed.
    public var underlying: any Error

    /// Marks a failure as final.
    public init(_ underlying: any Error) { self.underlying = underlying }

    /// The failure that was marked.
    public var description: String { "\(underlying)" }
}

/// Brings the cluster to where it should be, one key at a time, whenever something changes that the key depends on.
///
/// Sources add keys (``watch(_:_:)``, ``enqueue(_:priority:after:)``), workers take them. A key is never reconciled by
/// two workers at once, and a key that changes while it is reconciled is reconciled once more.
public final class Controller<Key: Hashable & Sendable>: Sendable {
    /// The name in logs and metrics.
    public let name: String
    /// The keys that wait to be reconciled.
    public let queue: WorkQueue<Key>

    private let workers: Int
    private let metrics: ControllerMetrics?
    private let logger: Logger
    private let time: TimeSource
    private let reconcile: @Sendable (Key) async throws -> ReconcileResult

    /// A controller; `workers` is how many keys are reconciled at the same time.
    public init(
        name: String, workers: Int = 8, backoff: WorkQueueBackoff = WorkQueueBackoff(),
        registry: MetricsRegistry? = nil, logger: Logger, time: TimeSource = .system,
        reconcile: @escaping @Sendable (Key) async throws -> ReconcileResult
    ) {
        self.name = name
        self.workers = workers
        metrics = registry.map { ControllerMetrics($0, controller: name) }
        self.logger = logger
        self.time = time
        self.reconcile = reconcile
        let queueMetrics = registry.map { WorkQueueMetrics($0, name: name) }
        let queue = WorkQueue<Key>(backoff: backoff, metrics: queueMetrics, time: time)
        self.queue = queue
        metrics?.maximumConcurrentReconciles.set(Double(workers))
        registry?.beforeScrape { [weak queue] in queue?.updateGauges() }
    }

    /// Adds a key, ready at once or after a delay.
    public func enqueue(_ key: Key, priority: Int = WorkPriority.normal, after delay: Duration = .zero) {
        queue.add(key, priority: priority, after: delay)
    }

    /// Adds the keys that an object's changes concern; `map` sees what was known before as well as what is known now.
    ///
    /// What comes with the first list has low priority, so that fresh edits overtake it.
    public func watch<Value>(
        _ store: Store<Value>, _ map: @escaping @Sendable (Store<Value>.Change) -> [Key]
    ) {
        store.onChange { [queue] change in
            let priority = change.isInitial ? WorkPriority.startup : WorkPriority.normal
            for key in map(change) { queue.add(key, priority: priority) }
        }
    }

    /// Adds the keys of an object's owners of a kind, whatever the version of their API, before and after each change.
    ///
    /// - Parameters:
    ///   - store: what is known of the owned objects.
    ///   - resource: the kind of the owners.
    ///   - controllerOnly: whether only the owner that is the object's controller counts.
    ///   - owners: reads the owner references from what the store keeps of an object.
    ///   - key: makes the controller's key from an owner's namespace and name.
    public func watchOwned<Value>(
        _ store: Store<Value>, by resource: Resource, controllerOnly: Bool = true,
        owners: @escaping @Sendable (Value) -> [OwnerReference], key: @escaping @Sendable (ObjectKey) -> Key
    ) {
        watch(store) { change in
            OwnerMapping(resource: resource, controllerOnly: controllerOnly)
                .keys(of: change.key, old: change.old.map(owners), new: change.new.map(owners)).map(key)
        }
    }

    /// Adds the keys of the owners, of a kind, of objects that an applier made.
    public func watchOwned(
        _ store: Store<AppliedState>, by resource: Resource, key: @escaping @Sendable (ObjectKey) -> Key
    ) {
        watch(store) { change in
            OwnerMapping(resource: resource).keys(of: change.key, old: change.old?.owner, new: change.new?.owner)
                .map(key)
        }
    }

    /// Reconciles until ``shutDown()`` or until the task is cancelled, which also cancels what is being reconciled.
    public func run() async {
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for _ in 0..<workers {
                    group.addTask {
                        while let taken = await self.queue.next() { await self.process(taken) }
                    }
                }
            }
        } onCancel: {
            queue.shutDown()
        }
    }

    /// Takes no more keys; ``run()`` returns when what is being reconciled has ended.
    public func shutDown() { queue.shutDown() }

    private func process(_ taken: WorkQueue<Key>.Taken) async {
        metrics?.activeWorkers.add(1)
        let start = time.now()
        let outcome: ControllerMetrics.Outcome
        var isTerminal = false
        do {
            switch try await reconcile(taken.key) {
            case .done:
                queue.forget(taken.key)
                outcome = .success
            case .requeue:
                queue.addRateLimited(taken.key, priority: taken.priority)
                outcome = .requeue
            case .requeueAfter(let delay):
                queue.forget(taken.key)
                queue.add(taken.key, priority: taken.priority, after: delay)
                outcome = .requeueAfter
            }
        } catch let error as TerminalError {
            queue.forget(taken.key)
            outcome = .error
            isTerminal = true
            log(error, taken.key, retryAfter: nil)
        } catch is CancellationError where Task.isCancelled {
            // The operator stops; the key is found again at the next start.
            outcome = .error
        } catch {
            let delay = queue.addRateLimited(taken.key, priority: taken.priority)
            outcome = .error
            log(error, taken.key, retryAfter: delay)
        }
        queue.done(taken.key)
        metrics?.finished(outcome, after: time.now() - start)
        if isTerminal { metrics?.terminalErrors.increment() }
        metrics?.activeWorkers.add(-1)
    }

    private func log(_ error: any Error, _ key: Key, retryAfter delay: Duration?) {
        var metadata: Logger.Metadata = ["controller": "\(name)", "key": "\(key)", "error": "\(error)"]
        if let delay { metadata["retryAfter"] = "\(delay)" }
        logger.error("reconcile failed", metadata: metadata)
    }
}
