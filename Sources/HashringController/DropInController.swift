import Hashring
import Kube
public import KubeClient
import KubeRuntime
public import Logging
public import Observability

/// The drop-in replacement for thanos-receive-controller: watches, plans, writes one ConfigMap. Create one and call
/// ``run()``.
public final class DropInController: Sendable {
    /// How the process runs, beside what it is to do.
    public struct Process: Sendable {
        /// Where metrics and probes are served; nil serves none.
        public var observabilityAddress: BindAddress?
        /// The lease to hold before anything is written; nil writes at once, for a single process.
        public var lease: ObjectKey?
        /// The identity of this process, such as the pod's name.
        public var identity = "tributary"

        /// The defaults: no server, no lease.
        public init() {}
    }

    /// Everything that is measured.
    public var registry: MetricsRegistry { manager.registry }
    /// Whether it works and is ready.
    public var health: Health { manager.health }

    private enum Key: Hashable, Sendable, CustomStringConvertible {
        case file
        case annotations
        var description: String { self == .file ? "hashring file" : "pod annotations" }
    }

    private let client: KubeClient
    private let options: DropInOptions
    private let logger: Logger
    private let manager: ControllerManager
    private let base = Store<Object>()
    private let generated = Store<Object>()
    private let sets = Store<LabelledReceiverSet>()
    private let pods: PodWatches
    private let watchHealth: WatchHealth
    private let cache: CacheMetrics
    private let controller: Controller<Key>
    private let reconciler: DropInReconciler
    private let annotator: DropInPodAnnotator

    /// A controller of a client's cluster. The caller shuts the client down after ``run()``.
    public init(
        client: KubeClient, options: DropInOptions, process: Process = Process(),
        registry: MetricsRegistry = MetricsRegistry(), logger: Logger
    ) {
        self.client = client
        self.options = options
        self.logger = logger
        let api = ObjectAPI(client)
        let manager = ControllerManager(
            options: ControllerManager.Options(
                observabilityAddress: process.observabilityAddress, lease: process.lease, identity: process.identity),
            api: api, registry: registry, logger: logger)
        self.manager = manager
        let metrics = DropInMetrics(registry)
        let cache = CacheMetrics(registry)
        self.cache = cache
        let leader = manager.writing(client)
        annotator = DropInPodAnnotator(client: leader, options: options, logger: logger)
        let controller = Controller<Key>(name: "hashring", workers: 2, registry: registry, logger: logger)
        self.controller = controller
        let watchHealth = WatchHealth(registry: registry, logger: logger)
        self.watchHealth = watchHealth
        manager.health.addDetail("watches", to: .readiness) { watchHealth.problem }
        let isRefused = Locked(false)
        let pods = PodWatches(
            namespace: options.namespace, logger: logger, health: watchHealth,
            source: { scope in
                PodSource(cache.counting(ListWatch(client, scope)), onFailed: { metrics.failed(.poll) }) {
                    let isFirst = isRefused.withLock { isRefused in
                        defer { isRefused = true }
                        return !isRefused
                    }
                    guard isFirst else { return }
                    logger.info(
                        """
                        not allowed to watch pods: listing them when a StatefulSet's status changes instead; \
                        allow the verb "watch" on pods to make this faster
                        """,
                        metadata: ["namespace": "\(options.namespace)"])
                }
            },
            onChange: { controller.enqueue(.file) })
        self.pods = pods
        reconciler = DropInReconciler(
            options: options, base: base, generated: generated, sets: sets, pods: pods,
            writer: GeneratedWriter(api: ObjectAPI(leader), options: options), metrics: metrics, logger: logger,
            mayWrite: manager.mayWrite,
            onWritten: { if options.annotatesPods { controller.enqueue(.annotations) } })
        connect()
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

    /// Works until the task is cancelled or a graceful shutdown is asked for. Throws if the lease was lost, or if the
    /// address for metrics is taken.
    public func run() async throws {
        try await manager.run(
            ControllerManager.Work(
                watch: watch,
                isSynced: { [base, generated, sets, pods] in
                    base.isSynced && generated.isSynced && sets.isSynced && pods.isSynced(sets.values)
                },
                prepare: { [base, generated, sets] in
                    try await base.synced()
                    try await generated.synced()
                    try await sets.synced()
                }, lead: lead, shutDown: controller.shutDown, stop: pods.stop))
    }

    /// The work of the process that may write.
    private func lead() async {
        logger.info(
            "started",
            metadata: [
                "base": "\(options.baseKey)", "generated": "\(options.generatedKey)",
                "statefulSets": "\(sets.count)",
            ])
        controller.enqueue(.file)
        await controller.run { [reconciler, annotator] key in
            switch key {
            case .file: return try await reconciler.reconcile()
            case .annotations:
                try await annotator.annotate(at: .now)
                return .done
            }
        }
    }

    /// Runs the watches of fixed objects until the task is cancelled.
    private func watch() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchHealth.run() }
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
            scope, into: store, source: cache.counting(ListWatch(client, scope)), logger: logger,
            onState: { [watchHealth] in watchHealth.set($0, of: scope) }, transform: transform)
        group.addTask { await watcher.run() }
    }
}
