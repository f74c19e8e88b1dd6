import Kube
import KubeRuntime
import Logging
import Receivers

/// Watches the pods of the labelled StatefulSets, each by its selector, so that other pods are never watched.
final class PodWatches: Sendable {
    private struct Sources: Sendable {
        var bySelector: [String: PodSource] = [:]
        var isSettled = true
    }

    private let watches: WatchSet<String, ReceiverPod>
    private let sources: Locked<Sources>

    init(
        namespace: String, logger: Logger, health: WatchHealth,
        source: @escaping @Sendable (WatchScope) -> PodSource, onChange: @escaping @Sendable () -> Void
    ) {
        let sources = Locked(Sources())
        self.sources = sources
        // No streaming list: one that is refused cannot be told from a refused watch.
        @Sendable func scope(_ selector: String) -> WatchScope {
            WatchScope(.pods, namespace: namespace, labelSelector: selector, streamsLists: false)
        }
        watches = WatchSet(logger: logger) { selector in
            let scope = scope(selector)
            let source = source(scope)
            let isSettled = sources.withLock { sources in
                sources.bySelector[selector] = source
                return sources.isSettled
            }
            source.set(isSettled: isSettled)
            return WatchSet.Watch(scope, source: source.listWatch, transform: { ReceiverPod($0) })
        }
        watches.onEvent { event in
            switch event {
            case .changed, .complete: onChange()
            case .state(let selector, let state): health.set(state, of: scope(selector))
            case .ended(let selector): health.forget(scope(selector))
            }
        }
    }

    /// Starts the watches that these StatefulSets need, and ends those that they no longer need.
    func update(_ sets: [LabelledReceiverSet]) {
        let needed = Set(sets.map(\.receivers.podSelector.queryValue))
        watches.keep(needed)
        sources.withLock { sources in
            for selector in sources.bySelector.keys where !needed.contains(selector) {
                sources.bySelector[selector] = nil
            }
        }
    }

    /// Hints that pods of a StatefulSet may have changed.
    func poke(_ set: LabelledReceiverSet) {
        let selector = set.receivers.podSelector.queryValue
        sources.withLock { $0.bySelector[selector] }?.poke()
    }

    /// Sets whether no receiver is about to join or leave; otherwise pods that may only be listed are listed more often.
    func set(isSettled: Bool) {
        let all = sources.withLock { sources in
            sources.isSettled = isSettled
            return Array(sources.bySelector.values)
        }
        for source in all { source.set(isSettled: isSettled) }
    }

    /// The pods of these StatefulSets and of others, each once; nil unless all of these StatefulSets are known.
    func pods(of sets: [LabelledReceiverSet]) -> [ReceiverPod]? {
        watches.values(ifComplete: sets.map(\.receivers.podSelector.queryValue))
    }

    /// Whether all pods of these StatefulSets are known.
    func isSynced(_ sets: [LabelledReceiverSet]) -> Bool {
        let complete = watches.complete
        return sets.allSatisfy { complete.contains($0.receivers.podSelector.queryValue) }
    }

    /// Ends all watches.
    func stop() async { await watches.stop() }
}
