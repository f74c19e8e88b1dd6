import Kube

/// An HTTP request as the API sees it.
struct APIRequest: Sendable {
    var method: String
    /// The path's segments, percent-decoded, without empty ones.
    var segments: [String]
    /// The query's parameters; of one given twice the first stands.
    var query: [String: String]
    var accept = "application/json"
    var contentType = "application/json"
    var userAgent = ""
    var body: [UInt8] = []

    /// A request from its request line.
    init(method: String, target: String) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (parts.first ?? "").split(separator: "/").map { Self.decoded($0, plusIsSpace: false) }
        query = [:]
        guard parts.count > 1 else { return }
        for pair in parts[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = Self.decoded(sides[0], plusIsSpace: true)
            if query[key] == nil { query[key] = sides.count > 1 ? Self.decoded(sides[1], plusIsSpace: true) : "" }
        }
    }

    /// The path without its query.
    var path: String { "/" + segments.joined(separator: "/") }

    /// A truth value as `strconv.ParseBool` reads it; one that is there without a value is true.
    func flag(_ name: String) -> Bool {
        guard let text = query[name] else { return false }
        return !["0", "f", "F", "false", "FALSE", "False"].contains(text)
    }

    /// A parameter, nil where it is empty or not there.
    func parameter(_ name: String) -> String? {
        guard let text = query[name], !text.isEmpty else { return nil }
        return text
    }

    private static func decoded(_ text: Substring, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What the API answers.
enum APIAnswer: Sendable {
    case body(APIBody)
    /// A stream of events, which the server reads from the store as it goes.
    case watch(WatchCursor)
}

/// An answer that is there as a whole.
struct APIBody: Sendable {
    var code = 200
    var contentType = "application/json"
    /// Sent as `Warning` headers.
    var warnings: [String] = []
    /// Sent as `Retry-After`, in seconds.
    var retryAfter: Int?
    var bytes: [UInt8]

    /// JSON.
    init(code: Int = 200, _ json: JSON) {
        self.code = code
        bytes = json.encoded()
    }

    /// JSON that is written already.
    init(code: Int = 200, bytes: [UInt8]) {
        self.code = code
        self.bytes = bytes
    }

    /// An error.
    init(_ status: APIStatus) {
        self.init(code: status.code, status.json)
        retryAfter = status.retryAfter.map { max(Int($0.components.seconds), 1) }
    }
}

/// Which objects a request is about: what the path says.
struct RequestTarget: Sendable {
    var type: ResourceType
    /// Nil for objects without a namespace, and for all namespaces.
    var namespace: String?
    /// Nil for a collection.
    var name: String?
    var subresource: String?

    /// The target of `/api/v1/…` or `/apis/group/version/…`; nil where nothing is served there.
    init?(_ segments: [String], registry: Registry) {
        var rest = segments[...]
        var group = ""
        switch rest.popFirst() {
        case "api": break
        case "apis":
            guard let name = rest.popFirst() else { return nil }
            group = name
        default: return nil
        }
        guard let version = rest.popFirst() else { return nil }
        let inNamespaces = rest.first == "namespaces"
        // /namespaces/x and its subresources are about the namespace itself, everything deeper about what is in it.
        if inNamespaces, rest.count >= 3, !["status", "finalize"].contains(rest[rest.startIndex + 2]) {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.popFirst(),
            let type = registry.lookup(group: group, version: version, plural: plural),
            namespace == nil || type.resource.isNamespaced
        else { return nil }
        self.type = type
        name = rest.popFirst()
        subresource = rest.popFirst()
        if !rest.isEmpty || (name != nil && type.resource.isNamespaced && namespace == nil) { return nil }
    }

    /// The object's place in its collection.
    var key: ObjectKey { ObjectKey(namespace: namespace ?? "", name: name ?? "") }
    var collection: CollectionKey { CollectionKey(type.resource) }
}
