import Kube
public import KubeClient
import KubeRuntime
public import Logging
public import Observability
import Planning
import PlanningInput
import TributaryAPI

/// The operator: watches, plans, applies. Create one per process and call ``run()``.
public final class Operator: Sendable {
    /// Everything that is measured.
    public var registry: MetricsRegistry { process.registry }
    /// Whether it works and is ready.
    public var health: Health { process.health }

    private let client: KubeClient
    private let configuration: OperatorConfiguration
    private let logger: Logger
    private let process: ControllerManager
    private let world: World
    private let stores: Stores
    private let manager = FieldManager(Names.manager, managedBy: Names.manager)
    private let controller: Controller<PlanKey>
    private let reconciler: Reconciler
    private let receivers: ReceiverWatches
    private let monitors: MonitorWatches
    private let drains: ShardDrains
    private let delivery: AgentDelivery?
    private let series: SeriesArrival?
    private let grafana: GrafanaKeeper
    private let watches: FixedWatches
    private let convergence: Convergence
    private let compactors: CompactorWatch
    private let volumes: VolumeRefresh

    /// An operator of a client's cluster. The caller shuts the client down after ``run()``.
    public init(
        client: KubeClient, configuration: OperatorConfiguration = OperatorConfiguration(),
        registry: MetricsRegistry = MetricsRegistry(), logger: Logger
    ) {
        self.client = client
        self.configuration = configuration
        self.logger = logger
        let shard = configuration.shard
        let world = World(watched: configuration.namespaces, monitorGroup: configuration.monitorGroup)
        self.world = world
        let stores = Stores(configuration.namespaces)
        self.stores = stores
        let controller = Controller<PlanKey>(
            name: "tributary", workers: configuration.workers, accepts: { shard.has($0) }, registry: registry,
            logger: logger)
        self.controller = controller
        let watchHealth = WatchHealth(registry: registry, logger: logger)
        let api = ObjectAPI(client)
        let events = EventRecorder(
            api: api, controller: "tributary.dev/operator", instance: configuration.identity, logger: logger)
        let process = ControllerManager(
            options: ControllerManager.Options(
                observabilityAddress: configuration.observabilityAddress,
                lease: configuration.lease.map(shard.lease(from:)), timing: configuration.leaseTiming,
                layout: configuration.lease.map(shard.layout(from:)), identity: configuration.identity,
                pages: OperatorPages.pages(
                    page: configuration.servesPage, debug: configuration.servesDebug, world, stores, controller.queue,
                    watchHealth)),
            api: api, events: events, registry: registry, logger: logger)
        self.process = process
        let mayWrite = process.mayWrite
        let leaderAPI = ObjectAPI(process.writing(client))
        let enqueue: @Sendable ([PlanKey], Bool) -> Void = { keys, isInitial in
            for key in keys {
                controller.enqueue(key, priority: isInitial ? WorkPriority.startup : WorkPriority.normal)
            }
        }
        let source: @Sendable (WatchScope) -> ListWatch = { ListWatch(client, $0) }
        receivers = ReceiverWatches(
            world: world, shard: shard, source: source, logger: logger, enqueue: enqueue,
            onState: { watchHealth.set($0, of: $1) }, onEnd: { watchHealth.forget($0) })
        monitors = MonitorWatches(
            world: world, watched: configuration.namespaces, shard: shard, group: configuration.monitorGroup,
            source: source, logger: logger, watchHealth: watchHealth, enqueue: enqueue)
        let applier = Applier(api: leaderAPI, manager: manager, mayWrite: mayWrite)
        convergence = Convergence(
            logger: logger, ask: { try await ReceiverMetrics.read($0, with: client) },
            tell: { place, finding in
                world.take(.loadedHashring(place.pod, finding, at: .now))
                controller.enqueue(.globalView(place.view))
            })
        let compactors = CompactorWatch(
            logger: logger, ask: { try await CompactorMetrics.read($0, with: client) },
            tell: { view, pod, state in
                for key in world.take(.compactor(pod, state, of: view)) { controller.enqueue(key) }
            })
        let annotator = PodAnnotator(api: leaderAPI, mayWrite: mayWrite, logger: logger)
        volumes = VolumeRefresh(annotator: annotator, logger: logger) { stores.pods(of: $0) }
        drains = ShardDrains(
            logger: logger, addresses: { try await $0.addresses(with: client) },
            ask: { try await SendingProgress.read($0, with: client) },
            tell: { key, workload, finding in
                world.take(.drain(workload, finding, of: key))
                controller.enqueue(key)
            })
        if configuration.deliveryInterval != nil { world.watchDelivery() }
        delivery = configuration.deliveryInterval.map { interval in
            AgentDelivery(
                interval: interval, logger: logger,
                AgentDelivery.Surroundings(
                    metrics: { try await AgentMetrics.read($0, with: client, verifiesServer: !$1) },
                    targetsDown: { try await TargetHealth.read($0, with: client, verifiesServer: !$1).count },
                    log: {
                        try await client.log(
                            of: $0, container: AgentDelivery.container, lines: 200, since: .seconds(600),
                            atMost: 256 << 10)
                    },
                    tell: { agent, pod, finding in
                        for key in world.take(.delivery(pod, finding, of: agent)) { controller.enqueue(key) }
                    },
                    tellIdleJobs: { agent, jobs in
                        for key in world.take(.idleJobs(jobs, of: agent)) { controller.enqueue(key) }
                    }))
        }
        series = configuration.deliveryInterval.map { interval in
            SeriesArrival(
                interval: interval, logger: logger,
                SeriesArrival.Surroundings(
                    ask: { try await SeriesAnswer.read($0, with: client) },
                    tell: { view, finding in
                        for key in world.take(.series(view, finding)) {
                            // A store that fails may make thousands of tenants silent at once.
                            controller.enqueue(key, priority: WorkPriority.startup)
                        }
                    }))
        }
        grafana = GrafanaKeeper(
            registry: registry, logger: logger,
            GrafanaKeeper.Surroundings(
                mayWrite: mayWrite,
                secret: { key in
                    do {
                        return try await client.get(.secrets, key)
                    } catch let status as APIStatus where status.isNotFound {
                        return nil
                    }
                },
                exchange: { call in
                    try await client.callPlainly(
                        call, within: GrafanaServerAPI.longest, atMost: GrafanaServerAPI.mostBytes)
                },
                recorded: { view in world.grafanaOrganizations(of: view) },
                isTenant: { tenant, view in
                    guard let header = stores.header(of: .tenant(tenant)), !header.isBeingDeleted else { return false }
                    let isOfView = world.read { $0.tenants[tenant]?.globalViewKey == view }
                    if isOfView { controller.enqueue(.tenant(tenant)) }
                    return isOfView || header.problem != nil
                },
                tell: { view, finding in
                    for key in world.take(.grafana(view, finding)) {
                        // Of many organizations that are created one after the other, each record is written once.
                        let isRecord = if case .organization = finding { key == .globalView(view) } else { false }
                        controller.enqueue(key, after: isRecord ? .seconds(1) : .zero)
                    }
                }))
        let vanished = VanishedObjects(client)
        let statuses = StatusWriter(api: leaderAPI, fieldManager: Names.manager, mayWrite: mayWrite)
        reconciler = Reconciler(
            world: world, stores: stores, receivers: receivers, monitors: monitors, drains: drains, delivery: delivery,
            series: series, grafana: grafana,
            manager: manager, applier: applier,
            statuses: statuses, vanished: vanished,
            reporter: Reporter(events: events, registry: registry, logger: logger),
            monitorReporter: MonitorReporter(
                events: events, group: configuration.monitorGroup, registry: registry, logger: logger),
            metrics: HashringMetrics(registry), deliveryMetrics: DeliveryMetrics(registry),
            receivingMetrics: ReceivingMetrics(registry),
            annotator: annotator, volumes: configuration.annotatesPods ? volumes : nil, convergence: convergence,
            memory: SpareMemoryKeeper(depth: { [queue = controller.queue] in queue.depth }), logger: logger,
            enqueue: { enqueue($0, false) })
        self.compactors = compactors
        watches = FixedWatches(
            client: client, namespaces: configuration.namespaces, shard: shard, world: world, stores: stores,
            controller: controller, applier: applier, statuses: statuses, receivers: receivers, monitors: monitors,
            delivery: delivery, compactors: compactors, vanished: vanished, watchHealth: watchHealth, logger: logger)
        watches.connect()
        process.health.addDetail("watches", to: .readiness) { watchHealth.problem }
    }

    /// Sets up the process to stay small. Call it first, in a program that does nothing else.
    public static func prepareProcess() { SpareMemory.shareHeaps() }

    /// Works until the task is cancelled or a graceful shutdown is asked for. Throws if the lease was lost, or if the
    /// address for probes is taken.
    public func run() async throws {
        try await process.run(
            ControllerManager.Work(
                watch: watches.run, isSynced: { self.stores.isSynced },
                prepare: {
                    try await self.stores.synced()
                    try await self.findReloaderImage()
                }, lead: lead, shutDown: controller.shutDown,
                stop: {
                    await self.receivers.stop()
                    await self.monitors.stop()
                }))
    }

    /// The work of the process that may write.
    private func lead() async {
        logger.info(
            "started",
            metadata: [
                "globalViews": "\(stores.globalViews.count)", "tenants": "\(stores.tenants.count)",
                "agents": "\(stores.agents.count)",
            ])
        SpareMemory.trim()
        SpareMemory.dropCodePages()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.convergence.run() }
            group.addTask { await self.compactors.run() }
            group.addTask { await self.drains.run() }
            if let delivery = self.delivery { group.addTask { await delivery.run() } }
            if let series = self.series { group.addTask { await series.run() } }
            group.addTask { await self.volumes.run() }
            group.addTask { await self.reconciler.reporter.run() }
            group.addTask { await self.reconciler.monitorReporter.run() }
            group.addTask { await self.grafana.run() }
            await controller.run { [reconciler] key in
                defer { reconciler.memory.hasWorked() }
                return try await reconciler.reconcile(key)
            }
            group.cancelAll()
        }
    }

    /// Finds the image of agents' sidecars, before any agent is planned.
    private func findReloaderImage() async throws {
        if let given = configuration.reloaderImage { return world.set(reloaderImage: given) }
        let own = OwnImage(pod: configuration.pod, logger: logger) { [client] in try await client.get(.pods, $0) }
        if let image = try await own.read() { world.set(reloaderImage: image) }
    }
}
