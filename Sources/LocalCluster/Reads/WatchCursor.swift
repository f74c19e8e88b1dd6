import Kube

/// The position of a watch in the history, and the form of its events.
///
/// The store pushes nothing. The server reads on from the cursor when it can send, and the store wakes it when there is
/// something new. A watch that falls behind the history ends with 410, as in kube-apiserver.
struct WatchCursor: Sendable {
    /// The kind that is watched.
    let type: ResourceType
    /// How long the watch lasts.
    let timeout: Duration
    private let filter: ObjectFilter
    private let presentation: Presentation
    private let wantsBookmarks: Bool
    /// The last revision that was read.
    private var revision: Int
    /// The objects of the initial state that are still to be sent.
    private var initial: ArraySlice<StoredObject>
    /// Whether the bookmark at the end of the initial state is still to be sent.
    private var owesInitialEnd: Bool
    private var failure: APIStatus?
    private var sentHeaders = false
    /// Whether the watch is over.
    private(set) var isEnded = false

    /// The collection that is watched.
    var collection: CollectionKey { CollectionKey(type.resource) }

    /// Creates the watch of a request. Throws 400 and 422 for options that cannot be read or that contradict.
    init(_ request: APIRequest, _ target: RequestTarget, _ state: ClusterState) throws(APIStatus) {
        type = target.type
        filter = try ObjectFilter(request, target)
        presentation = try Presentation(request)
        wantsBookmarks = request.flag("allowWatchBookmarks")
        let seconds = try request.integer("timeoutSeconds") ?? 0
        timeout = .seconds(seconds == 0 ? Int.random(in: 1800..<3600) : seconds)
        owesInitialEnd = request.flag("sendInitialEvents")
        let wanted = try Self.revision(request)
        if owesInitialEnd, !wantsBookmarks {
            throw ListCall.invalid(
                "allowWatchBookmarks", "Forbidden: sendInitialEvents requires setting allowWatchBookmarks")
        }
        revision = state.revision
        initial = []
        let collection = state.collection(CollectionKey(type.resource))
        if let wanted, wanted > state.revision {
            failure = ClusterState.tooLarge(wanted, current: state.revision)
        } else if owesInitialEnd || (wanted == nil && request.query["sendInitialEvents"] == nil) {
            var objects: [StoredObject] = []
            collection.objects.forEach(in: filter.namespace) { [filter, type] key, object in
                if filter.isEmpty || filter.matches(type.served(object.object), key) { objects.append(object) }
                return true
            }
            initial = objects[...]
        } else if let wanted {
            revision = wanted
            if wanted < collection.forgotten { failure = Self.tooOld(wanted, collection.forgotten) }
        }
    }

    /// The resource version from which the watch starts; nil for the current state.
    private static func revision(_ request: APIRequest) throws(APIStatus) -> Int? {
        let match = request.parameter("resourceVersionMatch")
        if request.query["sendInitialEvents"] != nil {
            if match != "NotOlderThan" {
                throw ListCall.invalid(
                    "resourceVersionMatch",
                    "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
            }
        } else if match != nil {
            throw ListCall.invalid(
                "resourceVersionMatch",
                "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        }
        return try ListCall.revision(request.parameter("resourceVersion"))
    }

    /// The next events as the server sends them; empty if there are none.
    mutating func read(_ state: ClusterState, limit: Int = 100) -> [UInt8] {
        var bytes: [UInt8] = []
        if let failure { return end(with: failure) }
        if !initial.isEmpty {
            for object in initial.prefix(limit) { write("ADDED", object, &bytes) }
            initial = initial.dropFirst(limit)
            return bytes
        }
        if owesInitialEnd {
            owesInitialEnd = false
            writeBookmark(&bytes, isInitialEnd: true)
        }
        let collection = state.collection(collection)
        if revision < collection.forgotten { return end(with: Self.tooOld(revision, collection.forgotten)) }
        // A client that sees only few of the objects does not wait for events of the others.
        while bytes.isEmpty, revision < state.revision {
            let events = collection.events(after: revision, limit: limit)
            for event in events { write(event, &bytes) }
            revision = events.count < limit ? state.revision : events.last?.revision ?? revision
        }
        if bytes.isEmpty, state.registry.lookup(type.resource) == nil { isEnded = true }
        return bytes
    }

    /// Whether something is left to read although nothing has changed.
    var hasMore: Bool { !initial.isEmpty || owesInitialEnd || failure != nil }

    /// A bookmark with the current position, if the client wants bookmarks.
    mutating func bookmark() -> [UInt8] {
        var bytes: [UInt8] = []
        if wantsBookmarks, !isEnded, !hasMore { writeBookmark(&bytes, isInitialEnd: false) }
        return bytes
    }

    private static func tooOld(_ revision: Int, _ forgotten: Int) -> APIStatus {
        .expired("too old resource version: \(revision) (\(forgotten))")
    }

    private mutating func end(with status: APIStatus) -> [UInt8] {
        isEnded = true
        failure = nil
        return line("ERROR", status.json.encoded())
    }

    /// Writes an event as a client with this filter sees it.
    private mutating func write(_ event: StoredEvent, _ bytes: inout [UInt8]) {
        func isSeen(_ object: StoredObject?) -> Bool {
            object.map { filter.matches(type.served($0.object), event.key) } ?? false
        }
        switch (isSeen(event.old), event.new != nil && isSeen(event.new)) {
        case (false, false): break
        case (false, true): write("ADDED", event.last, &bytes)
        case (true, true): write("MODIFIED", event.last, &bytes)
        case (true, false):
            // The last event has the state that the client saw before, at the revision at which the object left its view.
            var last = event.last
            if event.new != nil, let old = event.old { last = StoredObject(old.object, revision: event.revision) }
            write("DELETED", last, &bytes)
        }
    }

    private mutating func write(_ kind: String, _ object: StoredObject, _ bytes: inout [UInt8]) {
        let json =
            presentation.form == .object
            ? object.bytes(servedAs: type)
            : presentation.bytes(type.served(object.object), written: nil, type, headers: !sentHeaders)
        sentHeaders = true
        bytes += line(kind, json)
    }

    private func writeBookmark(_ bytes: inout [UInt8], isInitialEnd: Bool) {
        var object = Object(
            [
                "kind": .string(type.resource.kind), "apiVersion": .string(type.resource.apiVersion),
                "metadata": ["resourceVersion": .string(String(revision)), "creationTimestamp": .null],
            ])
        if isInitialEnd { object.json["metadata", "annotations"] = ["k8s.io/initial-events-end": "true"] }
        let json =
            switch presentation.form {
            case .object: object.json
            case .metadata: object.partialMetadata
            case .table: type.table(of: [], metadata: object.json["metadata"] ?? [:], headers: !sentHeaders)
            }
        bytes += line("BOOKMARK", json.encoded())
    }

    private func line(_ kind: String, _ object: [UInt8]) -> [UInt8] {
        Array(#"{"type":"\#(kind)","object":"#.utf8) + object + Array("}\n".utf8)
    }
}
