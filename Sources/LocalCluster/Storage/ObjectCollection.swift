import Kube

/// A change to an object at a revision.
struct StoredEvent: Sendable {
    var revision: Int
    var key: ObjectKey
    /// The state before the change; nil if the object was created.
    var old: StoredObject?
    /// The state after the change; nil if the object was deleted.
    var new: StoredObject?
    /// The state after the change. For a deletion: the last state, with the resource version of the deletion.
    var last: StoredObject
}

/// The objects of one collection and the latest changes to them.
struct ObjectCollection: Sendable {
    /// The objects.
    private(set) var objects = OrderedObjects()
    /// The latest events, oldest first; a ring buffer once it is full.
    private var ring: [StoredEvent] = []
    private var ringStart = 0
    private let historyLimit: Int
    /// The revision of the latest forgotten event. Watches and lists cannot continue from an earlier revision.
    private(set) var forgotten: Int

    /// Creates an empty collection that keeps this number of events.
    init(historyLimit: Int, since revision: Int) {
        self.historyLimit = max(historyLimit, 1)
        forgotten = revision
    }

    /// Applies a change.
    mutating func record(_ event: StoredEvent) {
        objects[event.key] = event.new
        if ring.count < historyLimit {
            ring.append(event)
        } else {
            forgotten = ring[ringStart].revision
            ring[ringStart] = event
            ringStart = (ringStart + 1) % ring.count
        }
    }

    /// Forgets all events up to a revision.
    mutating func compact(to revision: Int) {
        let kept = events(after: revision)
        ring = Array(kept.prefix(historyLimit))
        ringStart = 0
        forgotten = max(forgotten, revision)
    }

    /// The events after a revision, oldest first, up to a limit.
    func events(after revision: Int, limit: Int = .max) -> [StoredEvent] {
        let first = partition(ring.count) { event($0).revision <= revision }
        return (first..<min(ring.count, limit < ring.count ? first + limit : ring.count)).map { event($0) }
    }

    /// The objects at a revision; nil if the history does not reach back that far.
    func objects(at revision: Int) -> OrderedObjects? {
        guard revision >= forgotten else { return nil }
        var past = objects
        for event in events(after: revision).reversed() { past[event.key] = event.old }
        return past
    }

    private func event(_ index: Int) -> StoredEvent { ring[(ringStart + index) % ring.count] }
}
