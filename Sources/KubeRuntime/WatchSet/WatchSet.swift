import Kube
import Logging

/// Keeps a changing set of scopes watched, all of one kind of objects, and tells subscribers what the watches show.
///
/// ``keep(_:)`` says which scopes; watches of new ones start, those of others end. One object may be in several scopes,
/// such as a pod that two selectors match: ``subscript(_:)`` has what any of the watches knows.
///
/// # Locks
///
/// Code that holds a lock takes no other lock and calls no closure that it was given. There are three exceptions. A lock
/// may only be taken while one further up in this list is held:
/// 1. the operator's snapshot of the cluster: planning runs under its lock, so that nothing is copied;
/// 2. what planning keeps to save work, and which of its own writes the operator has not seen yet;
/// 3. a metric.
///
/// Pure functions of their arguments, such as a store's comparison or ``CompleteScopes/contains(_:)``, may be called under
/// a lock. A set of watches, like a store, puts events into a queue and hands them to subscribers with its lock released.
public final class WatchSet<Scope: Hashable & Sendable, Value: Sendable & Equatable>: Sendable {
    /// An event of a set of watches.
    public typealias Event = WatchSetEvent<Scope, Value>

    /// How one scope is watched.
    public struct Watch: Sendable {
        /// What is asked for.
        public var scope: WatchScope
        /// The calls to the API server.
        public var source: ListWatch
        /// What is kept of an object; nil keeps nothing, as if it were not there.
        public var transform: @Sendable (Object) -> Value?
        /// Whether subscribers get a state of the watch.
        public var tells: @Sendable (WatcherState) -> Bool

        /// A watch.
        public init(
            _ scope: WatchScope, source: ListWatch, transform: @escaping @Sendable (Object) -> Value?,
            tells: @escaping @Sendable (WatcherState) -> Bool = { _ in true }
        ) {
            self.scope = scope
            self.source = source
            self.transform = transform
            self.tells = tells
        }
    }

    private typealias Machine = WatchSetStateMachine<Scope, Value>

    private struct State {
        var machine = Machine()
        var tasks: [Int: Task<Void, Never>] = [:]
        var outbox = Outbox<(event: Event, of: Machine.Started?)>()
        var subscribers: [@Sendable (Event) -> Void] = []
    }

    private let logger: Logger
    private let watch: @Sendable (Scope) -> Watch
    private let state = Locked(State())

    /// No watches yet; `watch` says how a scope is watched.
    public init(logger: Logger, watch: @escaping @Sendable (Scope) -> Watch) {
        self.logger = logger
        self.watch = watch
    }

    deinit { for task in state.withLock({ $0.tasks }).values { task.cancel() } }

    // MARK: Reading

    /// The scopes whose watches have shown everything there is; subscribers have got all of it.
    public var complete: CompleteScopes<Scope> { state.withLock { $0.machine.complete } }

    /// What any of the watches knows of an object.
    public subscript(key: ObjectKey) -> Value? { state.withLock { $0.machine.value(of: key) } }

    /// What the watch of a scope knows of an object. Scopes of several kinds can have objects of the same key.
    public subscript(key: ObjectKey, in scope: Scope) -> Value? {
        state.withLock { $0.machine.value(of: key, in: scope) }
    }

    /// What the watches know together, each object once; nil unless those of all these scopes have shown everything.
    public func values(ifComplete scopes: some Sequence<Scope>) -> [Value]? {
        state.withLock { state in
            scopes.allSatisfy { state.machine.complete.contains($0) } ? state.machine.values : nil
        }
    }

    /// Calls a closure for every event from now on, one after the other and in order, with no lock held.
    public func onEvent(_ subscriber: @escaping @Sendable (Event) -> Void) {
        state.withLock { $0.subscribers.append(subscriber) }
    }

    // MARK: Watching

    /// Keeps exactly these scopes watched.
    public func keep(_ scopes: Set<Scope>) {
        let (start, ended) = state.withLock { state in
            let (start, end, events) = state.machine.keep(scopes)
            for event in events { state.outbox.append((event, nil)) }
            return (start, end.compactMap { state.tasks.removeValue(forKey: $0.number) })
        }
        for task in ended { task.cancel() }
        for watch in start { run(watch) }
        deliver()
    }

    /// Ends all watches for good, and returns once they have ended. Subscribers get no more events.
    public func stop() async {
        let tasks = state.withLock { state in
            state.machine.stop()
            state.outbox = Outbox()
            defer { state.tasks = [:] }
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func run(_ started: Machine.Started) {
        let watch = watch(started.scope)
        let watcher = Watcher(
            watch.scope, source: watch.source, logger: logger,
            onState: { [weak self] state in
                if watch.tells(state) { self?.note(state, of: started) }
            }, transform: watch.transform, deliver: { [weak self] in self?.take($0, of: started) })
        // Detached, since it outlives the reconcile that asks for it, whose id is not that of its log lines.
        let task = Task.detached { await watcher.run() }
        let isRunning = state.withLock { state in
            guard state.machine.isRunning(started) else { return false }
            state.tasks[started.number] = task
            return true
        }
        if !isRunning { task.cancel() }
    }

    private func take(_ event: WatcherEvent<Value>, of watch: Machine.Started) {
        state.withLock { state in
            for event in state.machine.take(event, of: watch) { state.outbox.append((event, watch)) }
        }
        deliver()
    }

    private func note(_ watcher: WatcherState, of watch: Machine.Started) {
        state.withLock { state in
            if state.machine.isRunning(watch) { state.outbox.append((.state(watch.scope, watcher), watch)) }
        }
        deliver()
    }

    /// Hands events to the subscribers, outside of the lock.
    private func deliver() {
        while true {
            let next = state.withLock { state -> (Event, [@Sendable (Event) -> Void])? in
                guard let (event, watch) = state.outbox.begin() else { return nil }
                if case .complete = event, let watch { state.machine.toldAll(of: watch) }
                return (event, state.subscribers)
            }
            guard let (event, subscribers) = next else { return }
            for subscriber in subscribers { subscriber(event) }
            state.withLock { $0.outbox.end() }
        }
    }
}
