import Kube

/// The contents of the cluster. Only ``ClusterStore`` has one, behind its lock.
struct ClusterState {
    /// The latest resource version. All resources share one counter, as in etcd.
    private(set) var revision = 1
    /// The kinds that are served.
    var registry = Registry()
    private var collections: [CollectionKey: ObjectCollection] = [:]
    /// The location of the object with each UID.
    private(set) var uids: [String: ObjectLocation] = [:]
    /// The objects that name each UID in their owner references.
    private(set) var dependents: [String: Set<ObjectLocation>] = [:]
    /// What the garbage collector has to look at.
    var cleanups: [Cleanup] = []
    /// The changed collections whose watches have not been woken yet.
    var touched: Set<CollectionKey> = []
    /// The revision up to which the history of every collection is forgotten.
    private var compacted = 0
    private let historyLimit: Int

    /// Creates an empty state that keeps this number of events of each collection.
    init(historyLimit: Int) { self.historyLimit = historyLimit }

    /// The objects of a collection and its history.
    func collection(_ key: CollectionKey) -> ObjectCollection {
        collections[key] ?? ObjectCollection(historyLimit: historyLimit, since: compacted)
    }

    /// The object at a location.
    func stored(_ location: ObjectLocation) -> StoredObject? { collections[location.collection]?.objects[location.key] }

    /// The locations of a collection's objects, in one namespace or in all.
    func locations(in collection: CollectionKey, namespace: String?) -> [ObjectLocation] {
        var locations: [ObjectLocation] = []
        self.collection(collection).objects.forEach(in: namespace) { key, _ in
            locations.append(ObjectLocation(collection, key))
            return true
        }
        return locations
    }

    /// The locations of all objects in a namespace.
    func locations(inNamespace namespace: String) -> [ObjectLocation] {
        collections.keys.flatMap { locations(in: $0, namespace: namespace) }
    }

    /// Stores an object at the next resource version, and returns it as stored.
    @discardableResult
    mutating func put(_ object: Object, at location: ObjectLocation) -> StoredObject {
        revision += 1
        let new = StoredObject(object, revision: revision)
        let old = stored(location)
        record(StoredEvent(revision: revision, key: location.key, old: old, new: new, last: new), location.collection)
        return new
    }

    /// Removes an object. Its last state is `last`, or the stored object.
    mutating func remove(_ location: ObjectLocation, last: Object? = nil) {
        guard let old = stored(location) else { return }
        revision += 1
        let tombstone = StoredObject(last ?? old.object, revision: revision)
        record(
            StoredEvent(revision: revision, key: location.key, old: old, new: nil, last: tombstone),
            location.collection)
    }

    /// Forgets the history of all collections.
    mutating func compact() {
        compacted = revision
        for key in collections.keys { collections[key]?.compact(to: revision) }
    }

    private mutating func record(_ event: StoredEvent, _ collection: CollectionKey) {
        collections[collection, default: ObjectCollection(historyLimit: historyLimit, since: compacted)].record(event)
        touched.insert(collection)
        index(ObjectLocation(collection, event.key), old: event.old?.object, new: event.new?.object)
        cleanups += Cleanup.after(event, collection)
    }

    private mutating func index(_ location: ObjectLocation, old: Object?, new: Object?) {
        if old?.uid != new?.uid {
            if let uid = old?.uid { uids[uid] = nil }
            if let uid = new?.uid { uids[uid] = location }
        }
        let before = Set(old?.ownerUIDs ?? [])
        let after = Set(new?.ownerUIDs ?? [])
        for uid in before.subtracting(after) {
            dependents[uid]?.remove(location)
            if dependents[uid]?.isEmpty == true { dependents[uid] = nil }
        }
        for uid in after.subtracting(before) { dependents[uid, default: []].insert(location) }
    }
}
