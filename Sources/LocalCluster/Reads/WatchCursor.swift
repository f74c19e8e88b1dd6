import Kube

/// A watch: where it stands in the history, and what it is to be told.
///
/// The store pushes nothing. Whoever serves a watch reads on when it can send, and is told when there is something new;
/// a watch that stays behind for longer than the history lasts ends with 410, as those of a real server do.
struct WatchCursor: Sendable {
    let type: ResourceType
    let filter: ObjectFilter
    let presentation: Presentation
    let wantsBookmarks: Bool
    /// How long the watch lasts.
    let timeout: Duration
    /// The last revision that was read.
    private var revision: Int
    /// Objects of the initial state that are still to be sent.
    private var initial: ArraySlice<Entry>
    /// Whether the end of the initial state is still to be told.
    private var owesInitialEnd: Bool
    private var failure: APIStatus?
    private var sentHeaders = false
    private(set) var isEnded = false

    /// The collection to be watched for changes.
    var collection: CollectionKey { CollectionKey(type.resource) }

    /// The watch that a request asks for.
    init(_ request: APIRequest, _ target: RequestTarget, _ state: StoreState) throws(APIStatus) {
        type = target.type
        filter = try ObjectFilter(request, target)
        presentation = try Presentation(request)
        wantsBookmarks = request.flag("allowWatchBookmarks")
        timeout = .seconds(request.parameter("timeoutSeconds").flatMap { Int($0) } ?? Int.random(in: 1800..<3600))
        let version = request.parameter("resourceVersion")
        let wanted = try ListCall.revision(version)
        let match = request.parameter("resourceVersionMatch")
        owesInitialEnd = request.flag("sendInitialEvents")
        if request.query["sendInitialEvents"] != nil {
            if match != "NotOlderThan" {
                throw ListCall.invalid(
                    "resourceVersionMatch",
                    "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
            }
            if owesInitialEnd, !wantsBookmarks {
                throw ListCall.invalid(
                    "allowWatchBookmarks", "Forbidden: sendInitialEvents requires setting allowWatchBookmarks")
            }
        } else if match != nil {
            throw ListCall.invalid(
                "resourceVersionMatch",
                "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
        }
        revision = state.revision
        initial = []
        let collection = state.collection(CollectionKey(type.resource))
        if let wanted, wanted > state.revision {
            failure = StoreState.tooLarge(wanted, current: state.revision)
        } else if owesInitialEnd || (wanted == nil && request.query["sendInitialEvents"] == nil) {
            var entries: [Entry] = []
            let start = ObjectKey(namespace: filter.namespace ?? "", name: "")
            collection.entries.forEach(from: start) { [filter, type] key, entry in
                if let namespace = filter.namespace, key.namespace != namespace { return false }
                if filter.isEmpty || filter.matches(type.served(entry.object), key) { entries.append(entry) }
                return true
            }
            initial = entries[...]
        } else if let wanted {
            revision = wanted
            if wanted < collection.forgotten { failure = Self.tooOld(wanted, collection.forgotten) }
        }
    }

    /// The next events, in the form in which they are sent; empty where there are none.
    mutating func read(_ state: StoreState, limit: Int = 100) -> [UInt8] {
        var bytes: [UInt8] = []
        if let failure { return end(with: failure) }
        if !initial.isEmpty {
            for entry in initial.prefix(limit) { write("ADDED", entry, &bytes) }
            initial = initial.dropFirst(limit)
            return bytes
        }
        if owesInitialEnd {
            owesInitialEnd = false
            writeBookmark(&bytes, isInitialEnd: true)
        }
        let collection = state.collection(collection)
        if revision < collection.forgotten { return end(with: Self.tooOld(revision, collection.forgotten)) }
        // Whoever sees only a few of the objects is not made to wait for the others.
        while bytes.isEmpty, revision < state.revision {
            let events = collection.events(after: revision, limit: limit)
            for event in events { write(event, &bytes) }
            revision = events.count < limit ? state.revision : events.last?.revision ?? revision
        }
        if bytes.isEmpty, state.registry.lookup(type.resource) == nil { isEnded = true }
        return bytes
    }

    /// Whether something is left to read though nothing has changed.
    var hasMore: Bool { !initial.isEmpty || owesInitialEnd || failure != nil }

    /// A bookmark of how far the watch has come, if the caller wants any.
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

    /// Sends an event as somebody sees it who sees only what the filter lets through.
    private mutating func write(_ event: StoredEvent, _ bytes: inout [UInt8]) {
        func isSeen(_ entry: Entry?) -> Bool {
            entry.map { filter.matches(type.served($0.object), event.key) } ?? false
        }
        switch (isSeen(event.old), event.new != nil && isSeen(event.new)) {
        case (false, false): break
        case (false, true): write("ADDED", event.last, &bytes)
        case (true, true): write("MODIFIED", event.last, &bytes)
        case (true, false):
            // What is told last is what was seen before, at the revision at which it went out of sight.
            var last = event.last
            if event.new != nil, let old = event.old { last = Entry(old.object, revision: event.revision) }
            write("DELETED", last, &bytes)
        }
    }

    private mutating func write(_ kind: String, _ entry: Entry, _ bytes: inout [UInt8]) {
        let object =
            presentation.form == .object
            ? type.servedBytes(entry)
            : presentation.bytes(type.served(entry.object), written: nil, type, headers: !sentHeaders)
        sentHeaders = true
        bytes += line(kind, object)
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
