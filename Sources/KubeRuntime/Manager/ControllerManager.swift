import Kube
public import KubeClient
public import Logging
public import Observability
import ServiceLifecycle

/// Runs a process of controllers: serves probes, runs watches, leads under a lease, and stops in order.
///
/// Probes are served first and last. What is under way is finished before the lease is released, and the lease is released
/// before the watches end.
public struct ControllerManager: Sendable {
    /// How the process runs.
    public struct Options: Sendable {
        /// Where metrics and probes are served; nil serves none.
        public var observabilityAddress: BindAddress?
        /// The lease to hold before anything is written; nil writes at once, for a single process.
        public var lease: ObjectKey?
        /// How long the lease lasts, and how often it is renewed.
        public var timing: ElectorTiming
        /// How work is divided among several leases; nil if there is only this one.
        public var layout: LeaseLayout?
        /// The identity of this process, such as the pod's name.
        public var identity: String
        /// What is served beside metrics and probes.
        public var pages: FurtherPages?

        /// Options.
        public init(
            observabilityAddress: BindAddress?, lease: ObjectKey?, timing: ElectorTiming = ElectorTiming(),
            layout: LeaseLayout? = nil, identity: String, pages: FurtherPages? = nil
        ) {
            self.observabilityAddress = observabilityAddress
            self.lease = lease
            self.timing = timing
            self.layout = layout
            self.identity = identity
            self.pages = pages
        }
    }

    /// What the process does.
    public struct Work: Sendable {
        /// Runs the watches until the task is cancelled.
        public var watch: @Sendable () async -> Void
        /// Whether every watch has shown everything there is: whether the process is ready.
        public var isSynced: @Sendable () -> Bool
        /// Waits for what leading needs, such as the first lists. It is cancelled when the process is to stop.
        public var prepare: @Sendable () async throws -> Void
        /// Does what only the leader may do, until it is shut down or the task is cancelled.
        public var lead: @Sendable () async -> Void
        /// Has ``lead`` finish what is under way, and return.
        public var shutDown: @Sendable () -> Void
        /// Stops what the watches have started, once these have ended.
        public var stop: @Sendable () async -> Void

        /// What the process does.
        public init(
            watch: @escaping @Sendable () async -> Void, isSynced: @escaping @Sendable () -> Bool,
            prepare: @escaping @Sendable () async throws -> Void, lead: @escaping @Sendable () async -> Void,
            shutDown: @escaping @Sendable () -> Void, stop: @escaping @Sendable () async -> Void
        ) {
            self.watch = watch
            self.isSynced = isSynced
            self.prepare = prepare
            self.lead = lead
            self.shutDown = shutDown
            self.stop = stop
        }
    }

    private struct NotReady: Error, CustomStringConvertible {
        var description: String { "not every watch has shown everything yet" }
    }

    /// Everything that is measured.
    public let registry: MetricsRegistry
    /// Whether the process works and is ready.
    public let health: Health

    private let options: Options
    private let elector: Elector?
    private let events: EventRecorder?
    private let logger: Logger

    /// A manager; `events` are written for as long as it runs.
    public init(
        options: Options, api: ObjectAPI, events: EventRecorder? = nil, registry: MetricsRegistry, logger: Logger
    ) {
        self.options = options
        self.events = events
        self.registry = registry
        self.logger = logger
        health = Health { probe, check, error in
            logger.warning(
                "health check failed",
                metadata: ["probe": "\(probe.rawValue)", "check": "\(check)", "error": "\(error)"])
        }
        elector = options.lease.map {
            Elector(
                lease: $0, identity: options.identity, api: api, layout: options.layout, timing: options.timing,
                registry: registry, logger: logger)
        }
        registry.addProcessMetrics()
    }

    /// Whether this process may write now: it holds the lease, or needs none.
    public var mayWrite: @Sendable () -> Bool {
        { [elector] in elector?.isLeading ?? true }
    }

    /// A client whose writes are sent only while this process may write.
    public func writing(_ client: KubeClient) -> KubeClient {
        guard let elector else { return client }
        return client.writing { elector.timeLeft }
    }

    /// Works until the task is cancelled or a graceful shutdown is asked for. Throws if the lease was lost, or if the
    /// address for probes is taken.
    public func run(_ work: Work) async throws {
        health.add("watches", to: .readiness) {
            guard work.isSynced() else { throw NotReady() }
        }
        try await ObservabilityServer(metrics: registry, health: health, pages: options.pages)
            .serve(on: options.observabilityAddress, logger: logger) { try await perform(work) }
    }

    private func perform(_ work: Work) async throws {
        let watches = Task { await work.watch() }
        let recording = Task { await events?.run() }
        let result: Result<Void, any Error>
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                if let elector {
                    try await elector.run { try await lead(work) }
                } else {
                    try await lead(work)
                }
            } onCancelOrGracefulShutdown: {
                work.shutDown()
                elector?.shutDown()
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        watches.cancel()
        await watches.value
        await work.stop()
        events?.shutDown()
        await recording.value
        try result.get()
    }

    private func lead(_ work: Work) async throws {
        do {
            try await cancelWhenGracefulShutdown { try await work.prepare() }
        } catch is CancellationError {
            return
        }
        await work.lead()
    }
}
