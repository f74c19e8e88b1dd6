import Kube

/// Which collection a kind's objects are in: versions share one, and so do the two groups of events.
struct CollectionKey: Sendable, Hashable {
    var group: String
    var plural: String

    init(_ resource: Resource) {
        group = resource.plural == "events" ? "" : resource.group
        plural = resource.plural
    }
}

/// Everything that the cluster holds. Only ``Store`` has one, behind its lock.
struct StoreState {
    /// The latest resource version; one counter for all resources, as in etcd.
    private(set) var revision = 1
    var registry = Registry()
    private var collections: [CollectionKey: ObjectCollection] = [:]
    /// Who is who: the object of each uid.
    private(set) var uids: [String: (collection: CollectionKey, key: ObjectKey)] = [:]
    /// The objects that name a uid in their owner references.
    private(set) var dependents: [String: Set<Located>] = [:]
    /// What the clean-up has to look at after the change: see ``Janitor``.
    var chores: [Chore] = []
    /// The collections that were changed and whose watches were not told yet.
    fileprivate(set) var touched: Set<CollectionKey> = []
    /// The revision up to which everything was forgotten.
    private var compacted = 0
    private let historyLimit: Int

    /// An object's place.
    struct Located: Sendable, Hashable {
        var collection: CollectionKey
        var key: ObjectKey
    }

    init(historyLimit: Int) { self.historyLimit = historyLimit }

    /// The collection of a resource.
    func collection(_ key: CollectionKey) -> ObjectCollection {
        collections[key] ?? ObjectCollection(historyLimit: historyLimit, since: compacted)
    }

    /// One object.
    func entry(_ collection: CollectionKey, _ key: ObjectKey) -> Entry? { collections[collection]?.entries[key] }

    /// The collections that hold objects.
    var collectionKeys: [CollectionKey] { collections.filter { $0.value.entries.count > 0 }.map(\.key) }

    /// Stores an object at the next resource version, and returns it as it is stored.
    @discardableResult
    mutating func put(_ place: Located, _ object: Object) -> Entry {
        revision += 1
        let new = Entry(object, revision: revision)
        let old = entry(place.collection, place.key)
        record(StoredEvent(revision: revision, key: place.key, old: old, new: new, last: new), place.collection)
        return new
    }

    /// Removes an object; its last state is the one given, or else the one that is stored.
    mutating func remove(_ place: Located, last: Object? = nil) {
        guard let old = entry(place.collection, place.key) else { return }
        revision += 1
        let tombstone = Entry(last ?? old.object, revision: revision)
        record(StoredEvent(revision: revision, key: place.key, old: old, new: nil, last: tombstone), place.collection)
    }

    private mutating func record(_ event: StoredEvent, _ collection: CollectionKey) {
        collections[collection, default: ObjectCollection(historyLimit: historyLimit, since: compacted)].record(event)
        touched.insert(collection)
        index(
            Located(collection: collection, key: event.key), old: event.old?.object, new: event.new?.object)
        chores += Chore.after(event, collection)
    }

    /// Forgets all that happened.
    mutating func compact() {
        compacted = revision
        for key in collections.keys { collections[key]?.compact(to: revision) }
    }

    /// Has the watches of a collection look again, as when its kind is served no longer.
    mutating func touch(_ collection: CollectionKey) { touched.insert(collection) }

    private mutating func index(_ place: Located, old: Object?, new: Object?) {
        if old?.uid != new?.uid {
            if let uid = old?.uid { uids[uid] = nil }
            if let uid = new?.uid { uids[uid] = (place.collection, place.key) }
        }
        let before = Set(old?.ownerUIDs ?? [])
        let after = Set(new?.ownerUIDs ?? [])
        for uid in before.subtracting(after) {
            dependents[uid]?.remove(place)
            if dependents[uid]?.isEmpty == true { dependents[uid] = nil }
        }
        for uid in after.subtracting(before) { dependents[uid, default: []].insert(place) }
    }
}

extension Object {
    /// The uids in the owner references; read by hand, since it is done for every write.
    var ownerUIDs: [String] { json["metadata", "ownerReferences"]?.array?.compactMap { $0["uid"]?.string } ?? [] }
    /// What must be done before the object can go.
    var finalizers: [String] { json["metadata", "finalizers"]?.array?.compactMap(\.string) ?? [] }
}

/// The cluster's objects behind one lock, and those who wait for changes to them.
final class Store: Sendable {
    private struct Guarded {
        var state: StoreState
        var wakers: [CollectionKey: [Int: @Sendable () -> Void]] = [:]
        var nextWaker = 0
        var onChores: (@Sendable () -> Void)?
    }

    private let guarded: Locked<Guarded>

    /// An empty store that keeps so many events of each resource.
    init(historyLimit: Int) { guarded = Locked(Guarded(state: StoreState(historyLimit: historyLimit))) }

    /// Reads the state.
    func read<Result, Failure: Error>(_ body: (StoreState) throws(Failure) -> Result) throws(Failure) -> Result {
        try guarded.withLock { (guarded) throws(Failure) in try body(guarded.state) }
    }

    /// Changes the state, and wakes those who wait for what was changed.
    func write<Result, Failure: Error>(
        _ body: (inout StoreState) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var wakers: [@Sendable () -> Void] = []
        defer { for wake in wakers { wake() } }
        return try guarded.withLock { (guarded) throws(Failure) in
            defer {
                if !guarded.state.touched.isEmpty {
                    for key in guarded.state.touched { wakers += guarded.wakers[key].map { Array($0.values) } ?? [] }
                    guarded.state.touched.removeAll(keepingCapacity: true)
                }
                if !guarded.state.chores.isEmpty, let onChores = guarded.onChores { wakers.append(onChores) }
            }
            return try body(&guarded.state)
        }
    }

    /// Has a closure called after each change to a collection; it must be quick. Returns what ends that.
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

    /// Has a closure called after each change that leaves something to clean up.
    func onChores(_ wake: (@Sendable () -> Void)?) { guarded.withLock { $0.onChores = wake } }

    /// Takes what is to be cleaned up.
    func takeChores() -> [Chore] {
        guarded.withLock { guarded in
            defer { guarded.state.chores.removeAll() }
            return guarded.state.chores
        }
    }
}
