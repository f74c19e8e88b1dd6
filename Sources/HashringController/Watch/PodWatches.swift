import Kube
import KubeRuntime
import Logging
import Receivers

/// Watches the pods of the labelled StatefulSets, each by its selector, so that other pods are never looked at.
final class PodWatches: Sendable {
    private struct Entry: Sendable {
        var store: Store<ReceiverPod>
        var source: PodSource
        var task: Task<Void, Never>
    }

    private struct State: Sendable {
        var entries: [String: Entry] = [:]
        var isSettled = true
        var isStopped = false
    }

    private let namespace: String
    private let makeSource: @Sendable (WatchScope) -> PodSource
    private let onChange: @Sendable () -> Void
    private let logger: Logger
    private let state = Locked(State())

    init(
        namespace: String, logger: Logger, source: @escaping @Sendable (WatchScope) -> PodSource,
        onChange: @escaping @Sendable () -> Void
    ) {
        self.namespace = namespace
        self.logger = logger
        makeSource = source
        self.onChange = onChange
    }

    /// Starts the watches that these StatefulSets need, and ends those that none needs any more.
    func update(_ sets: [LabelledReceiverSet]) {
        let needed = Set(sets.map(\.receivers.podSelector.queryValue))
        let ended = state.withLock { state -> [Entry] in
            guard !state.isStopped else { return [] }
            for selector in needed where state.entries[selector] == nil {
                state.entries[selector] = start(selector, isSettled: state.isSettled)
            }
            return state.entries.keys.filter { !needed.contains($0) }.compactMap {
                state.entries.removeValue(forKey: $0)
            }
        }
        for entry in ended { entry.task.cancel() }
    }

    /// Hints that pods of a StatefulSet may have changed.
    func poke(_ set: LabelledReceiverSet) {
        let selector = set.receivers.podSelector.queryValue
        state.withLock { $0.entries[selector]?.source }?.poke()
    }

    /// Says whether anything is under way: pods that may only be listed are listed more often then.
    func set(isSettled: Bool) {
        let sources = state.withLock { state in
            state.isSettled = isSettled
            return state.entries.values.map(\.source)
        }
        for source in sources { source.set(isSettled: isSettled) }
    }

    /// Whether all pods of these StatefulSets are known.
    func isSynced(_ sets: [LabelledReceiverSet]) -> Bool {
        state.withLock { state in
            sets.allSatisfy { state.entries[$0.receivers.podSelector.queryValue]?.store.isSynced ?? false }
        }
    }

    /// The pods that are known, each once.
    var pods: [ReceiverPod] {
        let stores = state.withLock { $0.entries.values.map(\.store) }
        guard stores.count > 1 else { return stores.first?.values ?? [] }
        var all: [ObjectKey: ReceiverPod] = [:]
        for store in stores { all.merge(store.all) { first, _ in first } }
        return Array(all.values)
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

    private func start(_ selector: String, isSettled: Bool) -> Entry {
        // No streaming list: one that is refused cannot be told from a refused watch.
        let scope = WatchScope(
            .pods, namespace: namespace, labelSelector: selector, streamsLists: false)
        let store = Store<ReceiverPod>()
        let source = makeSource(scope)
        source.set(isSettled: isSettled)
        store.onChange { [onChange] _ in onChange() }
        let watcher = Watcher(
            scope, into: store, source: source.listWatch, logger: logger, transform: ReceiverPod.init)
        let task = Task { await watcher.run(filling: store) { self.onChange() } }
        return Entry(store: store, source: source, task: task)
    }
}
