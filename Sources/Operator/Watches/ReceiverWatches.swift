import Kube
import KubeRuntime
import Logging
import Planning
import TributaryAPI

/// Watches the receivers of hashrings: their StatefulSets by each ring's selector, their pods by each StatefulSet's, and
/// where a ring asks for zones what tells those, a label of nodes or the EndpointSlices of the receivers' Services.
///
/// Which watches there are follows from the rings, so that a cluster's other pods are never looked at.
final class ReceiverWatches: Sendable {
    private enum Watched: Sendable {
        case sets(Store<ReceiverSet>)
        case pods(Store<ReceiverPod>)
        case routers(Store<RouterPod>)
        case nodes(Store<String>)
        case slices(Store<EndpointZones>)

        var isSynced: Bool {
            switch self {
            case .sets(let store): store.isSynced
            case .pods(let store): store.isSynced
            case .routers(let store): store.isSynced
            case .nodes(let store): store.isSynced
            case .slices(let store): store.isSynced
            }
        }

        func set(_ key: ObjectKey) -> ReceiverSet? { if case .sets(let store) = self { store[key] } else { nil } }
        func pod(_ key: ObjectKey) -> ReceiverPod? { if case .pods(let store) = self { store[key] } else { nil } }
    }

    private struct Entry: Sendable {
        var watched: Watched
        var task: Task<Void, Never>
    }

    private struct State: Sendable {
        var entries: [ReceiverScope: Entry] = [:]
        var isStopped = false
    }

    private let world: World
    /// The calls of each watch to the API server.
    private let source: @Sendable (WatchScope) -> ListWatch
    private let logger: Logger
    /// Told the custom resources that a change concerns.
    private let enqueue: @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    private let state = Locked(State())
    /// Held while a change is taken in: an object that is relabelled leaves one watch and enters another, in any order.
    private let changing = Locked(())
    /// Held while the watches are brought up to date with the rings.
    private let updating = Locked(())
    /// Told how watches are doing.
    private let onState: @Sendable (WatcherState, WatchScope) -> Void
    /// Told which watches have ended.
    private let onEnd: @Sendable (WatchScope) -> Void

    init(
        world: World, source: @escaping @Sendable (WatchScope) -> ListWatch, logger: Logger,
        enqueue: @escaping @Sendable ([PlanKey], _ isInitial: Bool) -> Void,
        onState: @escaping @Sendable (WatcherState, WatchScope) -> Void = { _, _ in },
        onEnd: @escaping @Sendable (WatchScope) -> Void = { _ in }
    ) {
        self.world = world
        self.source = source
        self.logger = logger
        self.enqueue = enqueue
        self.onState = onState
        self.onEnd = onEnd
    }

    /// Whether all that a global view's rings need is known to a snapshot, or may not be known.
    func isSynced(for view: ObjectKey, in snapshot: borrowing Snapshot) -> Bool {
        let needed = snapshot.scopes(of: view)
        let unknown = state.withLock { state in needed.filter { !(state.entries[$0]?.watched.isSynced ?? false) } }
        return unknown.isSubset(of: snapshot.forbiddenWatches)
    }

    /// Starts the watches that the rings need now, and ends those that they no longer need.
    func update() {
        // One at a time: whoever goes by rings of a moment ago would end a watch that was started since.
        let ended = updating.withLock { _ in
            let needed = world.read { snapshot in
                snapshot.globalViews.keys.reduce(into: Set()) { $0.formUnion(snapshot.scopes(of: $1)) }
            }
            return state.withLock { state -> [(ReceiverScope, Entry)] in
                guard !state.isStopped else { return [] }
                for scope in needed where state.entries[scope] == nil { state.entries[scope] = start(scope) }
                return state.entries.keys.filter { !needed.contains($0) }.compactMap { scope in
                    state.entries.removeValue(forKey: scope).map { (scope, $0) }
                }
            }
        }
        for (scope, entry) in ended {
            entry.task.cancel()
            forget(entry.watched, scope)
            enqueue(world.set(isForbidden: false, scope), false)
            onEnd(WatchScope(scope))
        }
    }

    /// Ends all watches.
    func stop() async {
        let entries = state.withLock { state in
            state.isStopped = true
            defer { state.entries = [:] }
            return Array(state.entries.values)
        }
        for entry in entries { entry.task.cancel() }
        for entry in entries { await entry.task.value }
    }

    // MARK: - Watching

    /// A watch that runs from now on. What it tells is taken from all watches together, see ``changing``.
    private func start(_ scope: ReceiverScope) -> Entry {
        switch scope.resource {
        case .pods where scope.isRouters:
            start(scope, RouterPod.init, Watched.routers) { watches, change in
                watches.world.set(change.new, was: change.old, for: change.key)
            }
        case .pods:
            start(scope, ReceiverPod.init, Watched.pods) { watches, change in
                watches.changing.withLock { _ in
                    watches.world.set(watches.pod(change.key), was: change.old, for: change.key)
                }
            }
        case .nodes:
            start(scope, { node in scope.nodeLabel.flatMap { node.labels[$0] } }, Watched.nodes) { watches, change in
                watches.world.set(zone: change.new, ofNode: change.key.name, by: scope)
            }
        case .endpointSlices:
            start(scope, EndpointZones.init, Watched.slices) { watches, change in
                watches.world.set(change.new, was: change.old, for: change.key, by: scope)
            }
        default:
            start(scope, ReceiverSet.init, Watched.sets) { watches, change in
                let keys = watches.changing.withLock { _ in
                    watches.world.set(watches.set(change.key), was: change.old, for: change.key)
                }
                watches.update()
                return keys
            }
        }
    }

    private func start<Value: Sendable & Equatable>(
        _ scope: ReceiverScope, _ transform: @escaping @Sendable (Object) -> Value?,
        _ watched: (Store<Value>) -> Watched,
        take: @escaping @Sendable (ReceiverWatches, Store<Value>.Change) -> [PlanKey]
    ) -> Entry {
        let store = Store<Value>()
        store.onChange { [weak self] change in
            guard let self else { return }
            enqueue(take(self, change), change.isInitial)
        }
        let watch = WatchScope(scope)
        let watcher = Watcher(
            watch, into: store, source: source(watch), logger: logger,
            onState: { [weak self] state in self?.note(state, of: scope) }, transform: transform)
        let task = Task {
            await watcher.run(filling: store) {
                // No global view was planned before everything was known.
                self.update()
                self.enqueue(self.world.read { $0.globalViews.keys.map(PlanKey.globalView) }, true)
            }
        }
        return Entry(watched: watched(store), task: task)
    }

    /// Has the global views planned that have to do without what may not be watched, or no longer have to.
    private func note(_ watcher: WatcherState, of scope: ReceiverScope) {
        // One that ends still has things to say, of which nobody wants to hear.
        guard state.withLock({ $0.entries[scope] != nil }) else { return }
        onState(watcher, WatchScope(scope))
        switch watcher {
        case .forbidden: enqueue(world.set(isForbidden: true, scope), false)
        case .watching: enqueue(world.set(isForbidden: false, scope), false)
        case .starting, .failing: break
        }
    }

    /// Drops what an ended watch knew, unless another watch knows it as well.
    private func forget(_ watched: Watched, _ scope: ReceiverScope) {
        switch watched {
        case .sets(let store):
            for (key, old) in store.all {
                enqueue(changing.withLock { _ in world.set(set(key), was: old, for: key) }, false)
            }
        case .pods(let store):
            for (key, old) in store.all {
                enqueue(changing.withLock { _ in world.set(pod(key), was: old, for: key) }, false)
            }
        case .routers(let store):
            for (key, old) in store.all { enqueue(world.set(nil, was: old, for: key), false) }
        case .nodes(let store):
            for key in store.keys { enqueue(world.set(zone: nil, ofNode: key.name, by: scope), false) }
        case .slices(let store):
            for (key, old) in store.all { enqueue(world.set(nil, was: old, for: key, by: scope), false) }
        }
    }

    // MARK: - What the watches know between them

    private func set(_ key: ObjectKey) -> ReceiverSet? {
        state.withLock { state in state.entries.values.lazy.compactMap { $0.watched.set(key) }.first }
    }

    private func pod(_ key: ObjectKey) -> ReceiverPod? {
        state.withLock { state in state.entries.values.lazy.compactMap { $0.watched.pod(key) }.first }
    }
}

extension WatchScope {
    /// How objects that hashrings need are asked for; of nodes nothing but their labels.
    fileprivate init(_ scope: ReceiverScope) {
        self.init(
            scope.resource, namespace: scope.namespace, labelSelector: scope.labelSelector,
            metadataOnly: scope.resource == .nodes)
    }
}
