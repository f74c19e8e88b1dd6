import Kube

/// What a watcher knows of the objects of one kind. It can be read at any time, and tells subscribers what changes.
///
/// The watcher's transform decides what is kept of an object: keep little, and a store of many objects stays small.
public final class Store<Value: Sendable>: Sendable {
    /// One object's change.
    public struct Change: Sendable {
        /// The object.
        public var key: ObjectKey
        /// What was known before; nil if the object is new.
        public var old: Value?
        /// What is known now; nil if the object is gone.
        public var new: Value?
        /// Whether the object came with the first list: it has not changed, it is only seen for the first time.
        public var isInitial: Bool
    }

    private struct State {
        var table: ObjectTable<Value>
        /// The namespaces whose watchers have not listed yet; nil stands for all namespaces.
        var unlisted: Set<String?>
        var isSynced = false
        var subscribers: [@Sendable (Change) -> Void] = []
        var outbox = Outbox<Change>()
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var nextID: UInt64 = 0
    }

    private let state: Locked<State>
    /// Whether one watcher fills it alone.
    private let isWhole: Bool
    private let isSame: @Sendable (Value, Value) -> Bool

    /// An empty store. Subscribers are not told of values that replace a value of which `isSame` says that it is the same.
    ///
    /// One watcher fills it for each of the namespaces; nil stands for all of them.
    public init(
        namespaces: [String?] = [nil], indexes: [StoreIndex<Value>] = [],
        isSame: @escaping @Sendable (Value, Value) -> Bool
    ) {
        state = Locked(State(table: ObjectTable(indexes: indexes), unlisted: Set(namespaces)))
        isWhole = namespaces.contains(nil)
        self.isSame = isSame
    }

    // MARK: Reading

    /// What is known of an object.
    public subscript(key: ObjectKey) -> Value? { state.withLock { $0.table[key] } }
    /// How many objects are known.
    public var count: Int { state.withLock { $0.table.count } }
    /// The keys of all objects, in no order.
    public var keys: [ObjectKey] { state.withLock { Array($0.table.values.keys) } }
    /// What is known of all objects, in no order.
    public var values: [Value] { state.withLock { Array($0.table.values.values) } }
    /// All objects as they are at this moment.
    public var all: [ObjectKey: Value] { state.withLock { $0.table.values } }
    /// Whether the first list is complete, and subscribers have been told all of it.
    public var isSynced: Bool { state.withLock { $0.isSynced } }

    /// The keys of the objects that an index files under a term, in no order.
    public func keys(in index: StoreIndex<Value>.Name, of term: String) -> Set<ObjectKey> {
        state.withLock { $0.table.keys(in: index, of: term) }
    }

    /// The objects that an index files under a term, in no order.
    public func objects(in index: StoreIndex<Value>.Name, of term: String) -> [(key: ObjectKey, value: Value)] {
        state.withLock { state in
            state.table.keys(in: index, of: term).compactMap { key in state.table[key].map { (key, $0) } }
        }
    }

    /// Waits until the first list is complete and told; throws `CancellationError` when the task is cancelled.
    public func synced() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if state.isSynced { return .success(()) }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Calls a closure for every change from now on, one after the other, in the order of the changes.
    ///
    /// It is called outside the store's lock, so it may read this and other stores; they may already know more.
    public func onChange(_ subscriber: @escaping @Sendable (Change) -> Void) {
        state.withLock { $0.subscribers.append(subscriber) }
    }

    // MARK: Writing

    /// Takes in an event of a watcher, which may be that of a namespace.
    public func apply(_ event: WatcherEvent<Value>, of namespace: String? = nil) {
        let namespace = isWhole ? nil : namespace
        state.withLock { state in
            let changes = state.table.apply(event, of: namespace, isSame: isSame)
            guard !state.subscribers.isEmpty else { return }
            for change in changes {
                state.outbox.append(
                    Change(key: change.key, old: change.old, new: change.new, isInitial: !state.isSynced))
            }
        }
        deliver()
        guard case .restarted = event else { return }
        // Only now: a caller that waits for this relies on what subscribers have made of the objects.
        let waiters: [CheckedContinuation<Void, any Error>] = state.withLock { state in
            state.unlisted.remove(namespace)
            guard state.unlisted.isEmpty else { return [] }
            state.isSynced = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Tells the subscribers, outside of the lock.
    private func deliver() {
        while true {
            let next = state.withLock { state -> (Change, [@Sendable (Change) -> Void])? in
                state.outbox.begin().map { ($0, state.subscribers) }
            }
            guard let (change, subscribers) = next else { return }
            for subscriber in subscribers { subscriber(change) }
            state.withLock { $0.outbox.end() }
        }
    }
}

extension Store where Value: Equatable {
    /// An empty store, for which equal values are no change. One watcher fills it for each of the namespaces.
    public convenience init(namespaces: [String?] = [nil], indexes: [StoreIndex<Value>] = []) {
        self.init(namespaces: namespaces, indexes: indexes, isSame: ==)
    }
}
