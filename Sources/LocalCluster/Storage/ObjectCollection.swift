import Kube

/// What happened to an object at a revision.
struct StoredEvent: Sendable {
    var revision: Int
    var key: ObjectKey
    /// The state before, nil where the object was created.
    var old: Entry?
    /// The state after, nil where the object was deleted.
    var new: Entry?
    /// The state after, or the last one of a deleted object with the resource version of its deletion.
    var last: Entry
}

/// The objects of one resource and the latest changes to them.
struct ObjectCollection: Sendable {
    private(set) var entries = OrderedEntries()
    /// The latest events, oldest first; a ring once it is full.
    private var ring: [StoredEvent] = []
    private var ringStart = 0
    private let historyLimit: Int
    /// The revision of the last event that is forgotten: who has seen less cannot go on from there.
    private(set) var forgotten: Int

    /// An empty collection that keeps so many events.
    init(historyLimit: Int, since revision: Int) {
        self.historyLimit = max(historyLimit, 1)
        forgotten = revision
    }

    /// Takes on a change.
    mutating func record(_ event: StoredEvent) {
        entries[event.key] = event.new
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

    /// The events after a revision, oldest first, but no more than a number of them.
    func events(after revision: Int, limit: Int = .max) -> [StoredEvent] {
        var low = 0
        var high = ring.count
        while low < high {
            let middle = (low + high) / 2
            if event(middle).revision <= revision { low = middle + 1 } else { high = middle }
        }
        return (low..<min(ring.count, limit < ring.count ? low + limit : ring.count)).map { event($0) }
    }

    /// The objects as they were at a revision, or nil where too much is forgotten to tell.
    func entries(at revision: Int) -> OrderedEntries? {
        guard revision >= forgotten else { return nil }
        var past = entries
        for event in events(after: revision).reversed() { past[event.key] = event.old }
        return past
    }

    private func event(_ index: Int) -> StoredEvent { ring[(ringStart + index) % ring.count] }
}
