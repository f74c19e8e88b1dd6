import Kube

/// One thing that happened to an object, for people to read: `events.k8s.io/v1` Event.
public struct ObjectEvent: Sendable, Hashable {
    /// How serious it is.
    public enum Severity: String, Sendable, Hashable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// An object as events refer to it: `core/v1` ObjectReference.
    public struct Reference: Sendable, Hashable {
        /// The object's API group and version.
        public var apiVersion: String
        /// The object's kind.
        public var kind: String
        /// The object's namespace, empty for kinds that have none, and its name.
        public var key: ObjectKey
        /// The object's UID, if it exists.
        public var uid: String?

        /// A reference from its parts.
        public init(apiVersion: String, kind: String, key: ObjectKey, uid: String? = nil) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.key = key
            self.uid = uid
        }

        /// A reference to an object.
        public init(_ object: Object) {
            self.init(apiVersion: object.apiVersion, kind: object.kind, key: object.key, uid: object.uid)
        }

        var json: JSON {
            var json: JSON = ["apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(key.name)]
            if !key.namespace.isEmpty { json["namespace"] = .string(key.namespace) }
            if let uid { json["uid"] = .string(uid) }
            return json
        }
    }

    /// What it happened to.
    public var regarding: Reference
    /// How serious it is.
    public var severity: Severity
    /// Why, in one word in CamelCase; at most 128 bytes.
    public var reason: String
    /// What was done or tried, in one word in CamelCase; at most 128 bytes.
    public var action: String
    /// What happened, for people; cut after 1 kB.
    public var note: String
    /// Another object that has to do with it.
    public var related: Reference?

    /// An event.
    public init(
        regarding: Reference, severity: Severity = .normal, reason: String, action: String, note: String,
        related: Reference? = nil
    ) {
        self.regarding = regarding
        self.severity = severity
        self.reason = reason
        self.action = action
        self.note = note
        self.related = related
    }
}

/// Combines equal events into series, as client-go does: the first is written, the second begins a series, and the rest
/// are counted and written now and then.
struct EventSeriesTable {
    /// What makes two events the same.
    struct Key: Hashable {
        var regarding: ObjectEvent.Reference
        var related: ObjectEvent.Reference?
        var severity: ObjectEvent.Severity
        var reason: String
        var action: String
        var note: String

        init(_ event: ObjectEvent) {
            regarding = event.regarding
            related = event.related
            severity = event.severity
            reason = event.reason
            action = event.action
            note = event.note
        }

        func differsInNoteOnly(from other: Key) -> Bool {
            var key = self
            key.note = other.note
            return key == other
        }
    }

    /// What has to be written.
    enum Action: Equatable {
        /// The event, under a new name.
        case create(name: ObjectKey)
        /// How often it has come by now, in the event of that name, which is created again if it is gone.
        case update(name: ObjectKey, count: Int)
        /// Nothing for now.
        case none
    }

    /// A series that has to be written.
    struct Update: Equatable {
        var name: ObjectKey
        var event: ObjectEvent
        var count: Int
        var last: Timestamp
    }

    private struct Series {
        var name: ObjectKey
        var event: ObjectEvent
        var count = 1
        var lastSeen: Duration
        var lastWall: Timestamp
        var written: (count: Int, at: Duration)
    }

    /// How long nothing must have come until a series is over.
    static var idle: Duration { .seconds(360) }
    /// How often a series that goes on is written.
    static var refresh: Duration { .seconds(1800) }
    /// How many events about one thing may differ in their notes only; more are counted in the latest of them.
    static var notes: Int { 10 }
    /// The most series; beyond, the longest idle one is forgotten.
    static var capacity: Int { 2000 }

    private var series: [Key: Series] = [:]

    var count: Int { series.count }
    /// Whether a series has grown since it was written.
    var isBehind: Bool { series.values.contains { $0.count > $0.written.count } }

    mutating func record(_ event: ObjectEvent, now: Duration, wall: Timestamp) -> Action {
        var key = Key(event)
        if series[key] == nil {
            let similar = series.filter { key.differsInNoteOnly(from: $0.key) }
            let latest = similar.max { $0.value.lastSeen < $1.value.lastSeen }
            if similar.count >= Self.notes, let latest { key = latest.key }
        }
        if var known = series[key], now - known.lastSeen < Self.idle {
            known.count += 1
            known.event.note = event.note
            known.lastSeen = now
            known.lastWall = wall
            let isDue = known.written.count == 1 || now - known.written.at >= Self.refresh
            if isDue { known.written = (known.count, now) }
            series[key] = known
            return isDue ? .update(name: known.name, count: known.count) : .none
        }
        let name = Self.name(of: event, wall: wall)
        series[key] = Series(name: name, event: event, lastSeen: now, lastWall: wall, written: (1, now))
        if series.count > Self.capacity, let oldest = series.min(by: { $0.value.lastSeen < $1.value.lastSeen }) {
            series[oldest.key] = nil
        }
        return .create(name: name)
    }

    /// Ends the series that went quiet, or all of them; returns those whose last count was never written.
    mutating func sweep(now: Duration, all: Bool = false) -> [Update] {
        let over = series.filter { all || now - $0.value.lastSeen >= Self.idle }
        for key in over.keys { series[key] = nil }
        return over.values.filter { $0.count > $0.written.count }
            .map { Update(name: $0.name, event: $0.event, count: $0.count, last: $0.lastWall) }
    }

    /// `<object>.<nanoseconds since 1970, hexadecimal>`, in the object's namespace or else in `default`.
    private static func name(of event: ObjectEvent, wall: Timestamp) -> ObjectKey {
        let nanoseconds = wall.seconds &* 1_000_000_000 &+ Int64(wall.nanoseconds)
        let suffix = "." + String(nanoseconds, radix: 16)
        let name = String(event.regarding.key.name.prefix(253 - suffix.utf8.count)) + suffix
        let namespace = event.regarding.key.namespace
        return ObjectKey(namespace: namespace.isEmpty ? "default" : namespace, name: name)
    }
}
