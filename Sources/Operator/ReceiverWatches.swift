import Kube
import KubeRuntime
import Planning
import TributaryAPI

/// Watches the receivers that hashrings adopt: their StatefulSets by each ring's selector, their pods by each
/// StatefulSet's.
///
/// Which watches there are follows from the rings, so that a cluster's other pods are never looked at.
final class ReceiverWatches: Sendable {
    private enum Watched: Sendable {
        case sets(Store<ReceiverSet>)
        case pods(Store<ReceiverPod>)

        var isSynced: Bool {
            switch self {
            case .sets(let store): store.isSynced
            case .pods(let store): store.isSynced
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
        var entries: [WatchScope: Entry] = [:]
        var isStopped = false
    }

    private let world: World
    private let makeSetWatcher: @Sendable (WatchScope, Store<ReceiverSet>) -> Watcher<ReceiverSet>
    private let makePodWatcher: @Sendable (WatchScope, Store<ReceiverPod>) -> Watcher<ReceiverPod>
    /// Told the custom resources that a change concerns.
    private let enqueue: @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    private let state = Locked(State())
    /// Held while a change is taken in: an object that is relabelled leaves one watch and enters another, in any order.
    private let changing = Locked(())
    /// Held while the watches are brought up to date with the rings.
    private let updating = Locked(())
    /// Told which watches have ended.
    private let onEnd: @Sendable (WatchScope) -> Void

    init(
        world: World,
        sets: @escaping @Sendable (WatchScope, Store<ReceiverSet>) -> Watcher<ReceiverSet>,
        pods: @escaping @Sendable (WatchScope, Store<ReceiverPod>) -> Watcher<ReceiverPod>,
        enqueue: @escaping @Sendable ([PlanKey], _ isInitial: Bool) -> Void,
        onEnd: @escaping @Sendable (WatchScope) -> Void = { _ in }
    ) {
        self.world = world
        makeSetWatcher = sets
        makePodWatcher = pods
        self.enqueue = enqueue
        self.onEnd = onEnd
    }

    /// Whether all receivers of a global view's rings are known to a snapshot.
    func isSynced(for view: ObjectKey, in snapshot: borrowing Snapshot) -> Bool {
        let needed = Self.scopes(of: [view], in: snapshot)
        return state.withLock { state in needed.allSatisfy { state.entries[$0]?.watched.isSynced ?? false } }
    }

    /// Starts the watches that the rings need now, and ends those that they no longer need.
    func update() {
        // One at a time: whoever goes by rings of a moment ago would end a watch that was started since.
        let ended = updating.withLock { _ in
            let needed = world.read { snapshot in Self.scopes(of: Array(snapshot.globalViews.keys), in: snapshot) }
            return state.withLock { state -> [(WatchScope, Entry)] in
                guard !state.isStopped else { return [] }
                for scope in needed where state.entries[scope] == nil { state.entries[scope] = start(scope) }
                return state.entries.keys.filter { !needed.contains($0) }.compactMap { scope in
                    state.entries.removeValue(forKey: scope).map { (scope, $0) }
                }
            }
        }
        for (scope, entry) in ended {
            entry.task.cancel()
            forget(entry.watched)
            onEnd(scope)
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

    /// A watch that runs from now on. What it tells is taken from all watches together, see ``changing``.
    private func start(_ scope: WatchScope) -> Entry {
        if scope.resource == .pods {
            let store = Store<ReceiverPod>()
            store.onChange { [weak self] change in
                guard let self else { return }
                let keys = changing.withLock { _ in world.set(pod(change.key), was: change.old, for: change.key) }
                enqueue(keys, change.isInitial)
            }
            let watcher = makePodWatcher(scope, store)
            return Entry(watched: .pods(store), task: Task { await self.run(watcher, store.synced) })
        }
        let store = Store<ReceiverSet>()
        store.onChange { [weak self] change in
            guard let self else { return }
            let keys = changing.withLock { _ in world.set(set(change.key), was: change.old, for: change.key) }
            update()
            enqueue(keys, change.isInitial)
        }
        let watcher = makeSetWatcher(scope, store)
        return Entry(watched: .sets(store), task: Task { await self.run(watcher, store.synced) })
    }

    /// Runs a watcher, and has the global views planned once it knows everything: none was before.
    private func run<Value>(
        _ watcher: Watcher<Value>, _ synced: @escaping @Sendable () async throws -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await watcher.run() }
            group.addTask {
                guard (try? await synced()) != nil else { return }
                self.update()
                self.enqueue(self.world.read { $0.globalViews.keys.map(PlanKey.globalView) }, true)
            }
            await group.waitForAll()
        }
    }

    /// Drops what an ended watch knew, unless another watch knows it as well.
    private func forget(_ watched: Watched) {
        switch watched {
        case .sets(let store):
            for (key, old) in store.all {
                enqueue(changing.withLock { _ in world.set(set(key), was: old, for: key) }, false)
            }
        case .pods(let store):
            for (key, old) in store.all {
                enqueue(changing.withLock { _ in world.set(pod(key), was: old, for: key) }, false)
            }
        }
    }

    // MARK: - What the watches know between them

    private func set(_ key: ObjectKey) -> ReceiverSet? {
        state.withLock { state in state.entries.values.lazy.compactMap { $0.watched.set(key) }.first }
    }

    private func pod(_ key: ObjectKey) -> ReceiverPod? {
        state.withLock { state in state.entries.values.lazy.compactMap { $0.watched.pod(key) }.first }
    }

    private static func scopes(of views: [ObjectKey], in snapshot: borrowing Snapshot) -> Set<WatchScope> {
        var scopes: Set<WatchScope> = []
        for key in views {
            for ring in snapshot.adoptedRings(of: key) {
                for namespace in ring.namespaces {
                    scopes.insert(
                        WatchScope(.statefulSets, namespace: namespace, labelSelector: ring.selector.queryValue))
                }
            }
        }
        for set in snapshot.receiverSets.values where !Set(snapshot.viewsAdopting(set)).isDisjoint(with: views) {
            scopes.insert(
                WatchScope(.pods, namespace: set.key.namespace, labelSelector: set.podSelector.queryValue))
        }
        return scopes
    }
}
