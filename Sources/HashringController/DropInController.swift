import Hashring
import Kube
public import KubeClient
import KubeRuntime
public import Logging
public import Observability
import ServiceLifecycle

/// The drop-in for thanos-receive-controller: watches, plans, writes one ConfigMap. ``run()`` is all there is to do with
/// it.
public final class DropInController: Sendable {
    /// How the process runs, beside what it is to do.
    public struct Process: Sendable {
        /// Where metrics and probes are served; nil serves none.
        public var observabilityAddress: BindAddress?
        /// The lease to hold before anything is written; nil writes at once, for a single process.
        public var lease: ObjectKey?
        /// What tells this process from others: the pod's name.
        public var identity = "tributary"

        /// The defaults: no server, no lease.
        public init() {}
    }

    /// Everything that is measured.
    public let registry: MetricsRegistry
    /// Whether it works and is ready.
    public let health: Health

    private enum Key: Hashable, Sendable, CustomStringConvertible {
        case file
        case annotations
        var description: String { self == .file ? "hashring file" : "pod annotations" }
    }

    private let client: KubeClient
    private let options: DropInOptions
    private let process: Process
    private let logger: Logger
    private let base = Store<Object>()
    private let generated = Store<Object>()
    private let sets = Store<LabelledReceiverSet>()
    private let pods: PodWatches
    private let cache: CacheMetrics
    private let elector: Elector?
    private let controller: Controller<Key>

    /// A controller of a client's cluster. The client stays the caller's, who shuts it down after ``run()``.
    public init(
        client: KubeClient, options: DropInOptions, process: Process = Process(),
        registry: MetricsRegistry = MetricsRegistry(), logger: Logger
    ) {
        self.client = client
        self.options = options
        self.process = process
        self.registry = registry
        self.logger = logger
        let api = ObjectAPI(client)
        health = Health { probe, check, error in
            logger.warning(
                "not well", metadata: ["probe": "\(probe.rawValue)", "check": "\(check)", "error": "\(error)"])
        }
        let metrics = DropInMetrics(registry)
        let cache = CacheMetrics(registry)
        self.cache = cache
        registry.addProcessMetrics()
        let elector = process.lease.map {
            Elector(lease: $0, identity: process.identity, api: api, registry: registry, logger: logger)
        }
        self.elector = elector
        let annotator = PodAnnotator(client: client, options: options, logger: logger)
        // The controller and what it calls know each other; the box is filled before the first key is taken.
        let reconciler = Locked<DropInReconciler?>(nil)
        let controller = Controller<Key>(name: "hashring", workers: 2, registry: registry, logger: logger) { key in
            switch key {
            case .file:
                guard let reconciler = reconciler.withLock({ $0 }) else { return .requeue }
                return try await reconciler.reconcile()
            case .annotations:
                try await annotator.annotate(at: .now)
                return .done
            }
        }
        self.controller = controller
        let isRefused = Locked(false)
        let pods = PodWatches(
            namespace: options.namespace, logger: logger,
            source: { scope in
                PodSource(cache.counting(ListWatch(client, scope)), onFailed: { metrics.failed(.poll) }) {
                    let isFirst = isRefused.withLock { isRefused in
                        defer { isRefused = true }
                        return !isRefused
                    }
                    guard isFirst else { return }
                    logger.info(
                        """
                        pods may not be watched; they are listed when a StatefulSet's status changes instead. \
                        The verb "watch" on pods would be faster
                        """,
                        metadata: ["namespace": "\(options.namespace)"])
                }
            },
            onChange: { controller.enqueue(.file) })
        self.pods = pods
        let value = DropInReconciler(
            options: options, base: base, generated: generated, sets: sets, pods: pods,
            writer: GeneratedWriter(api: api, options: options), metrics: metrics, logger: logger,
            mayWrite: { elector?.isLeading ?? true },
            onWritten: { if options.annotatesPods { controller.enqueue(.annotations) } })
        reconciler.withLock { $0 = value }
        connect()
        health.add("watches", to: .readiness) { [base, generated, sets, pods] in
            guard base.isSynced, generated.isSynced, sets.isSynced, pods.isSynced(sets.values) else {
                throw NotReady(description: "not every watch has shown all there is yet")
            }
        }
    }

    private struct NotReady: Error, CustomStringConvertible {
        var description: String
    }

    private func connect() {
        controller.watch(base) { _ in [.file] }
        controller.watch(generated) { _ in [.file] }
        sets.onChange { [controller, pods, sets] change in
            pods.update(sets.values)
            if let set = change.new, !change.isInitial { pods.poke(set) }
            controller.enqueue(.file)
        }
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for; throws where the lease was lost or the
    /// address for metrics is taken.
    public func run() async throws {
        try await ObservabilityServer(metrics: registry, health: health)
            .serve(on: process.observabilityAddress, logger: logger, during: work)
    }

    private func work() async throws {
        let watches = Task { await self.watch() }
        let result: Result<Void, any Error>
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                if let elector = self.elector {
                    try await elector.run { try await self.lead() }
                } else {
                    try await self.lead()
                }
            } onCancelOrGracefulShutdown: {
                self.controller.shutDown()
                self.elector?.shutDown()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        watches.cancel()
        await watches.value
        await pods.stop()
        try result.get()
    }

    /// The work of the one that may write.
    private func lead() async throws {
        do {
            try await cancelWhenGracefulShutdown { [base, generated, sets] in
                try await base.synced()
                try await generated.synced()
                try await sets.synced()
            }
        } catch is CancellationError {
            return
        }
        logger.info(
            "started",
            metadata: [
                "base": "\(options.baseKey)", "generated": "\(options.generatedKey)",
                "statefulSets": "\(sets.count)",
            ])
        controller.enqueue(.file)
        await controller.run()
    }

    /// Runs the watches of fixed objects until the task is cancelled.
    private func watch() async {
        await withDiscardingTaskGroup { group in
            for (name, store) in [(options.baseName, base), (options.generatedName, generated)] {
                add(
                    WatchScope(.configMaps, namespace: options.namespace, fieldSelector: "metadata.name=\(name)"),
                    into: store, &group
                ) { object in
                    var object = object
                    // The API server keeps what an update leaves out of these.
                    object.json["metadata", "managedFields"] = nil
                    return object
                }
            }
            add(
                WatchScope(
                    .statefulSets, namespace: options.namespace, labelSelector: options.label.description),
                into: sets, &group, transform: LabelledReceiverSet.init)
        }
    }

    private func add<Value>(
        _ scope: WatchScope, into store: Store<Value>, _ group: inout DiscardingTaskGroup,
        transform: @escaping @Sendable (Object) -> Value?
    ) {
        let watcher = Watcher(
            scope, into: store, source: cache.counting(ListWatch(client, scope)), logger: logger, transform: transform)
        group.addTask { await watcher.run() }
    }
}
