import Kube

/// What a list asks for: `meta/v1` ListOptions.
struct ListCall: Sendable {
    var filter: ObjectFilter
    var limit: Int?
    var token: ContinueToken?
    /// The revision asked for; nil where any, or the latest, will do.
    var revision: Int?
    /// Whether exactly that revision is asked for.
    var isExact = false

    /// The options of a request.
    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        filter = try ObjectFilter(request, target)
        limit = request.parameter("limit").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let version = request.parameter("resourceVersion")
        revision = try ListCall.revision(version)
        let match = request.parameter("resourceVersionMatch")
        if let text = request.parameter("continue") {
            guard let token = ContinueToken(text) else { throw .badRequest("continue key is not valid") }
            if revision != nil {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            if match != nil {
                throw ListCall.invalid(
                    "resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden when continue is provided")
            }
            self.token = token
        } else if let match {
            switch match {
            case "Exact":
                guard revision != nil else {
                    throw ListCall.invalid(
                        "resourceVersionMatch",
                        "Forbidden: resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"\(version ?? "")\""
                    )
                }
                isExact = true
            case "NotOlderThan":
                guard version != nil else {
                    throw ListCall.invalid(
                        "resourceVersionMatch",
                        "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")
                }
            default:
                throw ListCall.invalid(
                    "resourceVersionMatch",
                    "Unsupported value: \"\(match)\": supported values: \"Exact\", \"NotOlderThan\", \"\"")
            }
        }
    }

    /// Reads a resource version; nil for none and for 0, which ask for nothing in particular.
    static func revision(_ text: String?) throws(APIStatus) -> Int? {
        guard let text, text != "0" else { return nil }
        guard let revision = Int(text), revision > 0 else {
            throw .invalid(
                Resource(group: "", version: "v1", kind: "ListOptions", plural: "listoptions"), "",
                [
                    FieldError(
                        FieldPath("resourceVersion"),
                        "Invalid value: \"\(text)\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
                ])
        }
        return revision
    }

    static func invalid(_ option: String, _ problem: String) -> APIStatus {
        .invalid(
            Resource(group: "meta.k8s.io", version: "v1", kind: "ListOptions", plural: "listoptions"), "",
            [FieldError(FieldPath(option), problem)])
    }
}

/// From where a list goes on: the revision of its first page, and the last object of the page before.
///
/// Clients may not look into it; it is readable all the same.
struct ContinueToken: Sendable {
    var revision: Int
    var key: ObjectKey

    init(revision: Int, key: ObjectKey) {
        self.revision = revision
        self.key = key
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let revision = Int(parts[0]) else { return nil }
        self.revision = revision
        key = ObjectKey(namespace: String(parts[1]), name: String(parts[2]))
    }

    var text: String { "\(revision)/\(key.namespace)/\(key.name)" }
}

extension StoreState {
    /// A page of a list.
    struct Page {
        var entries: [Entry]
        var metadata: JSON
    }

    /// The objects that a list asks for.
    func list(_ type: ResourceType, _ call: ListCall) throws(APIStatus) -> Page {
        let collection = collection(CollectionKey(type.resource))
        var revision = self.revision
        var source = collection.entries
        if let wanted = call.revision, wanted > revision { throw Self.tooLarge(wanted, current: revision) }
        if let past = call.token?.revision ?? (call.isExact ? call.revision : nil) {
            guard let entries = collection.entries(at: past) else {
                throw .expired(
                    call.token == nil
                        ? "The resourceVersion for the provided list is too old."
                        : "The provided continue parameter is too old to display a consistent list result. You must "
                            + "start a new list without the continue parameter.")
            }
            (revision, source) = (past, entries)
        }
        var page: [Entry] = []
        var lastKey: ObjectKey?
        var remaining = 0
        let start = call.token?.key ?? ObjectKey(namespace: call.filter.namespace ?? "", name: "")
        source.forEach(from: start) { key, entry in
            if let namespace = call.filter.namespace, key.namespace != namespace { return false }
            if key == call.token?.key { return true }
            guard call.filter.isEmpty || call.filter.matches(type.served(entry.object), key) else { return true }
            if let limit = call.limit, page.count >= limit {
                remaining += 1
                return true
            }
            page.append(entry)
            lastKey = key
            return true
        }
        var metadata: JSON = ["resourceVersion": .string(String(revision))]
        if remaining > 0, let lastKey {
            metadata["continue"] = .string(ContinueToken(revision: revision, key: lastKey).text)
            if call.filter.isEmpty { metadata["remainingItemCount"] = JSON(remaining) }
        }
        return Page(entries: page, metadata: metadata)
    }

    /// What a caller is told that knows more than the server.
    static func tooLarge(_ wanted: Int, current: Int) -> APIStatus {
        APIStatus(
            code: 504, reason: "Timeout",
            message: "Too large resource version: \(wanted), current: \(current)",
            details: [
                "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
                "retryAfterSeconds": 1,
            ])
    }
}
