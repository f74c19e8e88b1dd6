import Kube

/// The contents of the cluster behind a lock, and the closures that wait for changes.
final class ClusterStore: Sendable {
    private struct Guarded {
        var state: ClusterState
        var wakers: [CollectionKey: [Int: @Sendable () -> Void]] = [:]
        var nextWaker = 0
        var onCleanup: (@Sendable () -> Void)?
    }

    private let guarded: Locked<Guarded>

    /// Creates an empty store that keeps this number of events of each collection.
    init(historyLimit: Int) { guarded = Locked(Guarded(state: ClusterState(historyLimit: historyLimit))) }

    /// Reads the state.
    func read<Result, Failure: Error>(_ body: (ClusterState) throws(Failure) -> Result) throws(Failure) -> Result {
        try guarded.withLock { (guarded) throws(Failure) in try body(guarded.state) }
    }

    /// Changes the state, then wakes those who wait for changes to the same collections.
    func write<Result, Failure: Error>(
        _ body: (inout ClusterState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var wakers: [@Sendable () -> Void] = []
        defer { for wake in wakers { wake() } }
        return try guarded.withLock { (guarded) throws(Failure) in
            defer {
                for key in guarded.state.touched { wakers += guarded.wakers[key].map { Array($0.values) } ?? [] }
                guarded.state.touched.removeAll(keepingCapacity: true)
                if !guarded.state.cleanups.isEmpty, let onCleanup = guarded.onCleanup { wakers.append(onCleanup) }
            }
            return try body(&guarded.state)
        }
    }

    /// Calls a closure, which must be quick, after each change to a collection. Returns a closure that ends this.
    func onChange(_ collection: CollectionKey, _ wake: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let id = guarded.withLock { guarded in
            guarded.nextWaker += 1
            guarded.wakers[collection, default: [:]][guarded.nextWaker] = wake
            return guarded.nextWaker
        }
        return { [guarded] in
            guarded.withLock { guarded in
                guarded.wakers[collection]?[id] = nil
                if guarded.wakers[collection]?.isEmpty == true { guarded.wakers[collection] = nil }
            }
        }
    }

    /// Sets the closure that is called after each change that leaves something to clean up.
    func onCleanup(_ wake: (@Sendable () -> Void)?) { guarded.withLock { $0.onCleanup = wake } }

    /// Returns what is to be cleaned up, and removes it from the state.
    func takeCleanups() -> [Cleanup] {
        guarded.withLock { guarded in
            defer { guarded.state.cleanups.removeAll() }
            return guarded.state.cleanups
        }
    }
}
