import Kube
import Logging
import Observability

/// Elects one of several processes: the one that holds a Lease.
///
/// Run what only the leader may do in ``run(_:)``. Check ``isLeading`` before each write as well: it turns false by the
/// clock before another process can have taken the lease, even if this one was suspended.
public final class Elector: Sendable {
    /// Why ``run(_:)`` ended early.
    public struct LeaseLost: Error, CustomStringConvertible {
        /// The lease's namespace and name.
        public var lease: ObjectKey
        /// The lease, and how it can have been lost.
        public var description: String {
            "lease \(lease) was lost: it was not renewed in time, or another process holds it"
        }
    }

    /// The lease's namespace and name.
    public let lease: ObjectKey
    /// The identity of this process among the candidates.
    public let identity: String

    let api: ObjectAPI
    let logger: Logger
    let time: TimeSource
    let timing: ElectorTiming
    private let layout: LeaseLayout?
    private let metrics: LeaderElectionMetrics?
    private let state: Locked<State>

    private struct State {
        var machine: ElectorStateMachine
        var wait: Task<Void, Never>?
        var isShutDown = false
        /// Whether no process of another layout leads.
        var isAlone = false
    }

    /// A candidate for a lease; with a layout it leads only while no process of another one does.
    public init(
        lease: ObjectKey, identity: String, api: ObjectAPI, layout: LeaseLayout? = nil,
        timing: ElectorTiming = ElectorTiming(), registry: MetricsRegistry? = nil, logger: Logger,
        time: TimeSource = .system
    ) {
        self.lease = lease
        self.identity = identity
        self.layout = layout
        self.api = api
        self.timing = timing
        self.logger = logger
        self.time = time
        metrics = registry.map { LeaderElectionMetrics($0, lease: lease.name) }
        state = Locked(
            State(machine: ElectorStateMachine(identity: identity, timing: timing, layout: layout?.name)))
    }

    /// Whether this process holds the lease and no other process can have taken it yet.
    public var isLeading: Bool {
        let now = time.now()
        return state.withLock { $0.isAlone && $0.machine.isLeading(now: now) }
    }

    /// How long this process holds the lease even if it cannot renew it; not above zero if it does not hold it.
    public var timeLeft: Duration {
        let now = time.now()
        return state.withLock { $0.isAlone ? $0.machine.timeLeft(now: now) : .zero }
    }

    /// Whether the process is to stop.
    var isShutDown: Bool { state.withLock { $0.isShutDown } }

    /// Who holds the lease, as last seen.
    public var holder: String? { state.withLock { $0.machine.holder } }

    /// Waits for the lease, runs `body` while holding it, and releases it once `body` has ended.
    ///
    /// Returns without running `body` if ``shutDown()`` or a cancellation comes first. Throws ``LeaseLost`` after `body`
    /// was cancelled and has ended because the lease could not be renewed; the process should exit then, as this elector
    /// does not try again.
    public func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        if let layout {
            guard await acquireInLayout(layout) else { return }
        } else {
            guard await acquire() else { return }
        }
        state.withLock { $0.isAlone = true }
        logger.info("leading", metadata: ["lease": "\(lease)", "identity": "\(identity)"])
        metrics?.set(isLeader: true)
        defer { metrics?.set(isLeader: false) }
        // Not cancelled with this task: the lease is kept until the body has ended, however it ends.
        let renewal = Task { await self.renew() }
        let result: Result<Void, any Error>
        do {
            try await lead(renewal, body)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await renewal.value
        await release()
        try result.get()
    }

    private func lead(
        _ renewal: Task<Void, Never>, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { renewal.cancel() }
                try await body()
            }
            group.addTask { await renewal.value }
            try await group.next()
            if state.withLock({ $0.machine.hasLease }) { return }
            metrics?.set(isLeader: false)
            // Cancels the body, and waits until it has ended.
            throw LeaseLost(lease: lease)
        }
    }

    /// Stops waiting for the lease. A running body is not cancelled: it has its own way to end, and the lease is kept
    /// until it has ended.
    public func shutDown() {
        let wait = state.withLock { state in
            state.isShutDown = true
            return state.machine.hasLease ? nil : state.wait
        }
        wait?.cancel()
    }

    // MARK: The lease

    /// Begins anew after the lease was given back.
    func begin() {
        state.withLock {
            $0.machine = ElectorStateMachine(identity: identity, timing: timing, layout: layout?.name)
        }
    }

    func acquire() async -> Bool {
        var action = tick()
        while !Task.isCancelled {
            action = await perform(action)
            if state.withLock({ $0.machine.hasLease }) { return true }
            if state.withLock({ $0.isShutDown }) || action == .stop { return false }
        }
        return false
    }

    /// Returns when the lease is lost or the task is cancelled.
    private func renew() async {
        var action = ElectorStateMachine.Action.wait(timing.retry)
        while action != .stop && !Task.isCancelled { action = await perform(action) }
    }

    private func tick() -> ElectorStateMachine.Action {
        let now = time.now()
        let wall = time.wall()
        return state.withLock { $0.machine.tick(now: now, wall: wall) }
    }

    private func perform(_ action: ElectorStateMachine.Action) async -> ElectorStateMachine.Action {
        switch action {
        case .stop: return .stop
        case .wait(let duration):
            await pause(duration)
            return tick()
        case .get:
            return await call(wasWrite: false) { [api, lease] in
                do {
                    let object = try await api.get(.leases, lease)
                    return { machine, moment in
                        machine.got(
                            LeaseRecord(object), resourceVersion: object.resourceVersion ?? "", now: moment.now,
                            wall: moment.wall, random: moment.random)
                    }
                } catch let status as APIStatus where status.isNotFound {
                    return { machine, moment in machine.notFound(now: moment.now, wall: moment.wall) }
                }
            }
        case .create(let record):
            return await write(record) { [api, lease] in
                try await api.create(.leases, record.object(lease, resourceVersion: nil))
            }
        case .update(let record, let version):
            return await write(record) { [api, lease] in
                try await api.update(.leases, record.object(lease, resourceVersion: version))
            }
        }
    }

    private func write(
        _ record: LeaseRecord, _ send: @escaping @Sendable () async throws -> Object
    ) async -> ElectorStateMachine.Action {
        await call(wasWrite: true) {
            let object = try await send()
            return { machine, moment in
                machine.wrote(record, resourceVersion: object.resourceVersion ?? "", now: moment.now)
            }
        }
    }

    /// When a call has ended, read before the lock is taken.
    private struct Moment {
        var now: Duration
        var wall: Timestamp
        var random: Double

        init(_ time: TimeSource) {
            now = time.now()
            wall = time.wall()
            random = time.random()
        }
    }

    private typealias Step = @Sendable (inout ElectorStateMachine, Moment) -> ElectorStateMachine.Action

    /// Makes a call with a time limit, and passes its outcome to the state machine.
    private func call(
        wasWrite: Bool, _ body: @escaping @Sendable () async throws -> Step
    ) async -> ElectorStateMachine.Action {
        do {
            let now = time.now()
            let left = state.withLock { $0.machine.deadline }.map { $0 - now } ?? timing.callTimeout
            let step = try await withTimeout(min(timing.callTimeout, max(left, .milliseconds(10))), time, body)
            let moment = Moment(time)
            return state.withLock { step(&$0.machine, moment) }
        } catch {
            if !Task.isCancelled {
                logger.debug("a call for the lease failed", metadata: ["lease": "\(lease)", "error": "\(error)"])
            }
            if let status = error as? APIStatus, status.isForbidden {
                logger.warning("cannot use lease \(lease)", metadata: ["error": "\(status)"])
            }
            let moment = Moment(time)
            return state.withLock { state in
                state.machine.failed(wasWrite: wasWrite, now: moment.now, random: moment.random)
            }
        }
    }

    func pause(_ duration: Duration) async {
        let wait = state.withLock { state -> Task<Void, Never>? in
            if state.isShutDown && !state.machine.hasLease { return nil }
            let wait = Task { [time] in _ = await time.wait(duration) }
            state.wait = wait
            return wait
        }
        await withTaskCancellationHandler {
            await wait?.value
        } onCancel: {
            wait?.cancel()
        }
    }

    /// Releases the lease, so that another process can take it at once. Everything that it guarded has ended.
    func release() async {
        let wall = time.wall()
        guard let (record, version) = state.withLock({ $0.machine.release(wall: wall) }) else { return }
        // In a task of its own: this one may be cancelled already.
        let task = Task { [api, lease, time, timing] in
            try await withTimeout(timing.callTimeout, time) {
                do {
                    return try await api.update(.leases, record.object(lease, resourceVersion: version))
                } catch let status as APIStatus where status.isConflict {
                    // A renewal was under way whose answer was not waited for.
                    let current = try await api.get(.leases, lease)
                    guard LeaseRecord(current).holder == self.identity else { return current }
                    return try await api.update(
                        .leases, record.object(lease, resourceVersion: current.resourceVersion))
                }
            }
        }
        do {
            _ = try await task.value
            logger.info("released the lease", metadata: ["lease": "\(lease)"])
        } catch {
            logger.warning("cannot release the lease", metadata: ["lease": "\(lease)", "error": "\(error)"])
        }
    }
}
