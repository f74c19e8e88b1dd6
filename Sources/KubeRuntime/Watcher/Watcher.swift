import Kube
import KubeClient
import Logging

/// Keeps a consumer up to date about the objects of one kind: lists them, watches them, and recovers from failures.
///
/// Each object is reduced by `transform` as it comes in, before anything is kept. Start and stop a watcher by running
/// ``run()`` in a task and cancelling that.
public final class Watcher<Value: Sendable>: Sendable {
    /// What is watched.
    public let scope: WatchScope

    private let source: ListWatch
    private let logger: Logger
    private let time: TimeSource
    private let timeout: Duration
    private let onState: @Sendable (WatcherState) -> Void
    private let transform: @Sendable (Object) -> Value?
    private let deliver: @Sendable (WatcherEvent<Value>) -> Void

    /// A watcher.
    ///
    /// - Parameters:
    ///   - scope: which objects.
    ///   - source: the calls to the API server.
    ///   - timeout: when the server is asked to end each watch; 15 seconds later the connection counts as dead.
    ///   - logger: where failures are logged.
    ///   - time: the clocks.
    ///   - onState: called as the watcher's state changes.
    ///   - transform: what is kept of an object; nil keeps nothing, as if the object did not exist.
    ///   - deliver: takes the events, one after the other.
    public init(
        _ scope: WatchScope, source: ListWatch, timeout: Duration = .seconds(290), logger: Logger,
        time: TimeSource = .system, onState: @escaping @Sendable (WatcherState) -> Void = { _ in },
        transform: @escaping @Sendable (Object) -> Value?,
        deliver: @escaping @Sendable (WatcherEvent<Value>) -> Void
    ) {
        self.scope = scope
        self.source = source
        self.timeout = timeout
        self.logger = logger
        self.time = time
        self.onState = onState
        self.transform = transform
        self.deliver = deliver
    }

    private struct Progress {
        var machine: WatcherStateMachine<Value>
        var state = WatcherState.starting
        /// Whether the server has accepted the watch.
        var isOpen = false
        var namespaces = SharedStrings()
        /// Since when the API server refuses what it allowed before.
        var refusedSince: Duration?
    }

    /// How long what was allowed before may be refused until it counts as forbidden: an API server that has just started refuses
    /// everything until it knows the roles.
    private static var patience: Duration { .seconds(10) }

    private struct WentSilent: Error {}

    /// Lists and watches until the task is cancelled.
    public func run() async {
        let progress = Locked(Progress(machine: WatcherStateMachine(streams: scope.streamsLists)))
        onState(.starting)
        var step = progress.withLock { $0.machine.start() }
        while !Task.isCancelled {
            if step.after > .zero {
                guard await time.wait(step.after) else { return }
            }
            do {
                switch step.call {
                case .list(let token, let limit): step = try await list(token, limit, progress)
                case .watch(let version, let initialEvents):
                    step = try await watch(version, initialEvents: initialEvents, progress)
                }
            } catch {
                if Task.isCancelled { return }
                step = failed(error, in: step.call, progress)
            }
        }
    }

    private typealias Step = WatcherStateMachine<Value>.Step

    private func list(_ token: String?, _ limit: Int?, _ progress: Locked<Progress>) async throws -> Step {
        progress.withLock { $0.isOpen = false }
        let page = try await source.list(
            ListQuery(
                labelSelector: scope.labelSelector, fieldSelector: scope.fieldSelector, limit: limit,
                continueToken: token, metadataOnly: scope.metadataOnly))
        let items = page.items.compactMap { object in transform(object).map { (object.key, $0) } }
        let (event, step) = progress.withLock { progress in
            progress.machine.listed(
                items.map { (progress.namespaces.sharing($0), $1) }, continueToken: page.continueToken,
                resourceVersion: page.resourceVersion)
        }
        if let event { deliver(event) }
        updateState(progress)
        return step
    }

    private func watch(
        _ version: String?, initialEvents: Bool, _ progress: Locked<Progress>
    ) async throws -> Step {
        let query = WatchQuery(
            labelSelector: scope.labelSelector, fieldSelector: scope.fieldSelector, resourceVersion: version,
            timeout: timeout, sendInitialEvents: initialEvents, metadataOnly: scope.metadataOnly)
        let start = time.now()
        progress.withLock { progress in
            progress.isOpen = false
            progress.machine.opening(now: start)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let events = try await self.source.watch(query)
                progress.withLock { $0.isOpen = true }
                self.updateState(progress)
                try await self.read(events, progress)
            }
            group.addTask {
                // A peer that vanished sends nothing, not even the end of the watch.
                try await self.time.sleep(self.timeout + .seconds(15))
                throw WentSilent()
            }
            defer { group.cancelAll() }
            _ = try await group.next()
        }
        let now = time.now()
        let random = time.random()
        return progress.withLock { $0.machine.ended(now: now, random: random) }
    }

    private func read(_ events: ListWatch.Events, _ progress: Locked<Progress>) async throws {
        for try await event in events {
            let input: WatcherStateMachine<Value>.Input
            switch event {
            case .added(let object), .modified(let object):
                let value = transform(object)
                input = .applied(sharing(object.key, progress), value, resourceVersion: object.resourceVersion)
            case .deleted(let object):
                input = .deleted(object.key, resourceVersion: object.resourceVersion)
            case .bookmark(let version, let isEnd):
                input = .bookmark(resourceVersion: version, initialEventsEnd: isEnd)
            case .error(let status): throw status
            }
            if let event = progress.withLock({ $0.machine.received(input) }) {
                deliver(event)
                if case .restarted = event { updateState(progress) }
            }
        }
    }

    private func sharing(_ key: ObjectKey, _ progress: Locked<Progress>) -> ObjectKey {
        progress.withLock { $0.namespaces.sharing(key) }
    }

    // MARK: Failures

    private func failed(
        _ error: any Error, in call: WatcherStateMachine<Value>.Call, _ progress: Locked<Progress>
    ) -> Step {
        let failure: WatcherStateMachine<Value>.Failure
        var isForbidden = false
        switch error {
        case let status as APIStatus:
            failure = .answer(code: status.code, reason: status.reason, retryAfter: status.retryAfter)
            isForbidden = status.isForbidden
        case let error as KubeClientError where error.code == .timedOut && progress.withLock({ $0.isOpen }):
            failure = .silent
        case is WentSilent where progress.withLock({ $0.isOpen }): failure = .silent
        default: failure = .transport
        }
        let now = time.now()
        let random = time.random()
        let step = progress.withLock { progress in
            if isForbidden, progress.machine.isSynced {
                let since = progress.refusedSince ?? now
                progress.refusedSince = since
                isForbidden = now - since >= Self.patience
            }
            return progress.machine.failed(failure, now: now, random: random)
        }
        let verb = if case .list = call { "list" } else { "watch" }
        let reason = error is WentSilent ? "the watch did not end in time" : "\(error)"
        let metadata: Logger.Metadata = [
            "verb": "\(verb)", "resource": "\(scope.resource)", "namespace": "\(scope.namespace ?? "all")",
            "error": "\(reason)", "retryAfter": "\(step.after)",
        ]
        // A person has to grant missing permissions; other failures pass.
        logger.log(level: isForbidden ? .warning : .debug, "cannot \(verb) \(scope.resource)", metadata: metadata)
        // After an expired version or a dead connection the next call follows at once; the watch does not count as failing.
        let text = "cannot \(verb) \(scope.resource): \(reason)"
        if isForbidden {
            set(.forbidden(reason: text), progress)
        } else if step.after > .zero {
            set(.failing(reason: text), progress)
        }
        return step
    }

    private func updateState(_ progress: Locked<Progress>) {
        let isSynced = progress.withLock { progress in
            progress.refusedSince = nil
            return progress.machine.isSynced
        }
        if isSynced { set(.watching, progress) }
    }

    private func set(_ state: WatcherState, _ progress: Locked<Progress>) {
        let isChanged = progress.withLock { progress in
            defer { progress.state = state }
            return progress.state != state
        }
        if isChanged { onState(state) }
    }
}
