import Kube
public import KubeClient
import KubeRuntime
public import Logging
public import Observability
import Planning
import ServiceLifecycle
import TributaryAPI

/// The operator: watches, plans, applies. One per process; ``run()`` is all there is to do with it.
public final class Operator: Sendable {
    /// Everything that is measured.
    public let registry: MetricsRegistry
    /// Whether it works and is ready.
    public let health: Health

    private let client: KubeClient
    private let configuration: OperatorConfiguration
    private let logger: Logger
    private let world: World
    private let stores: Stores
    private let manager = FieldManager(Names.manager, managedBy: Names.manager)
    private let events: EventRecorder
    private let elector: Elector?
    private let controller: Controller<PlanKey>
    private let reconciler: Reconciler
    private let receivers: ReceiverWatches
    private let monitors: MonitorWatches
    private let drains: ShardDrains
    private let applier: Applier
    private let watchHealth: WatchHealth
    private let convergence: Convergence

    /// An operator of a client's cluster. The client stays the caller's, who shuts it down after ``run()``.
    public init(
        client: KubeClient, configuration: OperatorConfiguration = OperatorConfiguration(),
        registry: MetricsRegistry = MetricsRegistry(), logger: Logger
    ) {
        self.client = client
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
        let api = ObjectAPI(client)
        health = Health { probe, check, error in
            logger.warning(
                "not well", metadata: ["probe": "\(probe.rawValue)", "check": "\(check)", "error": "\(error)"])
        }
        let events = EventRecorder(
            api: api, controller: "tributary.dev/operator", instance: configuration.identity, logger: logger)
        self.events = events
        let elector = configuration.lease.map {
            Elector(lease: $0, identity: configuration.identity, api: api, registry: registry, logger: logger)
        }
        self.elector = elector
        let mayWrite: @Sendable () -> Bool = { elector?.isLeading ?? true }
        let (world, stores) = (
            World(onlyNamespace: configuration.namespace), Stores(namespace: configuration.namespace)
        )
        self.world = world
        self.stores = stores
        let manager = manager
        let controller = Controller<PlanKey>(
            name: "tributary", workers: configuration.workers, registry: registry, logger: logger)
        self.controller = controller
        let watchHealth = WatchHealth(registry: registry, logger: logger)
        self.watchHealth = watchHealth
        let receivers = ReceiverWatches(
            world: world, source: { ListWatch(client, $0) }, logger: logger,
            enqueue: { keys, isInitial in
                for key in keys {
                    controller.enqueue(key, priority: isInitial ? WorkPriority.startup : WorkPriority.normal)
                }
            }, onState: { watchHealth.set($0, of: $1) }, onEnd: { watchHealth.forget($0) })
        self.receivers = receivers
        let monitors = MonitorWatches(
            world: world, namespace: configuration.namespace, source: { ListWatch(client, $0) }, logger: logger,
            watchHealth: watchHealth
        ) { keys, isInitial in
            for key in keys {
                controller.enqueue(key, priority: isInitial ? WorkPriority.startup : WorkPriority.normal)
            }
        }
        self.monitors = monitors
        let applier = Applier(api: api, manager: manager, mayWrite: mayWrite)
        self.applier = applier
        let convergence = Convergence(
            logger: logger, ask: { try await ReceiverMetrics.read($0, with: client) },
            tell: { place, finding in
                world.set(finding, of: place.pod)
                controller.enqueue(.globalView(place.view))
            })
        self.convergence = convergence
        let drains = ShardDrains(
            logger: logger, addresses: { try await $0.addresses(with: client) },
            ask: { try await SendingProgress.read($0, with: client) },
            tell: { key, workload, finding in
                world.set(finding, ofDraining: workload)
                controller.enqueue(key)
            })
        self.drains = drains
        reconciler = Reconciler(
            world: world, stores: stores, receivers: receivers, monitors: monitors, drains: drains,
            manager: manager, applier: applier,
            statuses: StatusWriter(api: api, fieldManager: Names.manager, mayWrite: mayWrite),
            reporter: Reporter(events: events, registry: registry, logger: logger),
            monitorReporter: MonitorReporter(events: events, registry: registry, logger: logger),
            metrics: HashringMetrics(registry),
            annotator: PodAnnotator(api: api, mayWrite: mayWrite, logger: logger), convergence: convergence,
            memory: SpareMemoryKeeper(depth: { [queue = controller.queue] in queue.depth }), logger: logger)
        connect()
        registry.addProcessMetrics()
        health.add("watches", to: .readiness) { [stores] in
            guard stores.isSynced else { throw NotReady(description: "not every watch has shown all there is yet") }
        }
    }

    private struct NotReady: Error, CustomStringConvertible {
        var description: String
    }

    /// Sets the process up to stay small. To be called first thing, by a program that does nothing else.
    public static func prepareProcess() { SpareMemory.shareHeaps() }

    /// Which changes concern which custom resources.
    private func connect() {
        let (world, receivers, monitors, applier) = (world, receivers, monitors, applier)
        controller.watch(stores.globalViews) { change in
            let keys = world.set(change.new, was: change.old, for: change.key)
            receivers.update()
            return keys
        }
        controller.watch(stores.tenants) { world.set($0.new, was: $0.old, for: $0.key) }
        controller.watch(stores.agents) { change in
            let keys = world.set(change.new, for: change.key)
            monitors.update()
            return keys
        }
        for resource in OwnedKinds.all(in: configuration.namespace) {
            guard let store = stores.owned(resource) else { continue }
            controller.watch(store) { change in
                let keys = world.set(change.new, was: change.old, as: resource, for: change.key)
                guard let new = change.new else {
                    applier.forget(resource, change.key)
                    return keys
                }
                // A new object is looked at again, as it may be none of the newest plan and stay behind.
                guard let old = change.old, new.saysTheSame(as: old) else { return keys }
                return applier.hasWritten(resource, change.key, new.applied) ? [] : keys
            }
        }
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for; throws where the lease was lost or the
    /// address for probes is taken.
    ///
    /// Probes are served first and last. What is being applied is finished before the lease is given back.
    public func run() async throws {
        try await ObservabilityServer(metrics: registry, health: health)
            .serve(on: configuration.observabilityAddress, logger: logger, during: work)
    }

    private func work() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let watches = Task { await self.watch() }
            let recording = Task { await self.events.run() }
            group.addTask {
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
            }
            defer {
                watches.cancel()
                recording.cancel()
            }
            do {
                try await group.waitForAll()
            } catch {
                await stop(watches, recording)
                throw error
            }
            await stop(watches, recording)
        }
    }

    /// The work of the one that may write.
    private func lead() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await self.stores.synced()
                try await self.findReloaderImage()
            }
        } catch is CancellationError {
            return
        }
        logger.info(
            "started",
            metadata: [
                "globalViews": "\(stores.globalViews.count)", "tenants": "\(stores.tenants.count)",
                "agents": "\(stores.agents.count)",
            ])
        SpareMemory.trim()
        SpareMemory.dropStartupPages()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.convergence.run() }
            group.addTask { await self.drains.run() }
            await controller.run { [reconciler] key in
                defer { reconciler.memory.hasWorked() }
                return try await reconciler.reconcile(key)
            }
            group.cancelAll()
        }
    }

    /// Finds the image of agents' side-cars, before any of them is described.
    private func findReloaderImage() async throws {
        if let given = configuration.reloaderImage { return world.change { $0.reloaderImage = given } }
        let own = OwnImage(pod: configuration.pod, logger: logger) { [client] in try await client.get(.pods, $0) }
        if let image = try await own.read() { world.change { $0.reloaderImage = image } }
    }

    private func stop(_ watches: Task<Void, Never>, _ recording: Task<Void, Never>) async {
        watches.cancel()
        await watches.value
        await receivers.stop()
        await monitors.stop()
        events.shutDown()
        await recording.value
    }

    /// Runs the watches of fixed kinds until the task is cancelled.
    private func watch() async {
        await withDiscardingTaskGroup { group in
            add(stores.globalViews, &group)
            add(stores.tenants, &group)
            add(stores.agents, &group)
            for resource in OwnedKinds.all(in: configuration.namespace) {
                guard let store = stores.owned(resource) else { continue }
                let manager = manager
                let scope = WatchScope(
                    resource, namespace: configuration.namespace,
                    labelSelector: "\(Names.managedByLabel)=\(Names.manager)")
                add(scope, into: store, &group) { OwnedObject($0, manager: manager) }
            }
        }
    }

    private func add<Value>(_ store: Store<Observed<Value>>, _ group: inout DiscardingTaskGroup) {
        let scope = WatchScope(Value.resource, namespace: configuration.namespace)
        add(scope, into: store, &group, transform: Observed.init)
    }

    private func add<Value>(
        _ scope: WatchScope, into store: Store<Value>, _ group: inout DiscardingTaskGroup,
        transform: @escaping @Sendable (Object) -> Value?
    ) {
        let watcher = Watcher(
            scope, into: store, client: client, logger: logger,
            onState: { [watchHealth] in watchHealth.set($0, of: scope) }, transform: transform)
        group.addTask { await watcher.run() }
    }
}
