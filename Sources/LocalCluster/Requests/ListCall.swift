import Kube

/// The options of a list: `meta/v1` ListOptions.
struct ListCall: Sendable {
    /// The objects to list.
    var filter: ObjectFilter
    /// The most objects of one page; nil for no limit.
    var limit: Int?
    /// Where the page starts; nil for the first page.
    var token: ContinueToken?
    /// The resource version that was asked for; nil for the latest one.
    var revision: Int?
    /// Whether the list must be as of exactly that resource version.
    var isExact = false

    /// The options of a request. Throws 400 for values that cannot be read and 422 for options that contradict.
    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        filter = try ObjectFilter(request, target)
        limit = try request.integer("limit").flatMap { $0 > 0 ? $0 : nil }
        let version = request.parameter("resourceVersion")
        revision = try Self.revision(version)
        let match = request.parameter("resourceVersionMatch")
        if request.query["sendInitialEvents"] != nil {
            throw Self.invalid("sendInitialEvents", "Forbidden: sendInitialEvents is forbidden for list")
        }
        if let text = request.parameter("continue") {
            if revision != nil {
                throw .badRequest("specifying resource version is not allowed when using continue")
            }
            if match != nil {
                throw Self.invalid(
                    "resourceVersionMatch", "Forbidden: resourceVersionMatch is forbidden when continue is provided")
            }
            token = try ContinueToken(text, namespace: target.namespace)
        } else if let match {
            guard version != nil else {
                throw Self.invalid(
                    "resourceVersionMatch",
                    "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")
            }
            switch match {
            case "Exact":
                guard revision != nil else {
                    throw Self.invalid(
                        "resourceVersionMatch",
                        "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")
                }
                isExact = true
            case "NotOlderThan": break
            default:
                throw Self.invalid(
                    "resourceVersionMatch",
                    "Unsupported value: \(JSON(match).text()): supported values: \"Exact\", \"NotOlderThan\", \"\"")
            }
        }
    }

    /// Reads a resource version; nil for none and for 0, which means any. Throws 400 for other texts.
    ///
    /// Versions beyond what this server can count are clamped: they are larger than the latest one in any case.
    static func revision(_ text: String?) throws(APIStatus) -> Int? {
        guard let text, text != "0" else { return nil }
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let revision = UInt64(text) else {
            let problem = isNumber ? "value out of range" : "invalid syntax"
            let value = JSON(text).text()
            throw .badRequest(
                "invalid resource version: resourceVersion: Invalid value: \(value): strconv.ParseUint: parsing "
                    + "\(value): \(problem)")
        }
        return revision == 0 ? nil : Int(clamping: revision)
    }

    /// 422 for an option of a list or watch.
    static func invalid(_ option: String, _ problem: String) -> APIStatus {
        .invalidOption("ListOptions", option, problem)
    }
}

/// Where the next page of a list starts: the resource version of the first page, and the last object of the page before.
///
/// Clients must not interpret tokens. This one is readable all the same.
struct ContinueToken: Sendable {
    /// The resource version of the first page.
    var revision: Int
    /// The last object of the page before.
    var key: ObjectKey

    /// Creates a token.
    init(revision: Int, key: ObjectKey) {
        self.revision = revision
        self.key = key
    }

    /// Parses the token of a list of one namespace or of all. Throws 400 if this server cannot have made it.
    init(_ text: String, namespace: String?) throws(APIStatus) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let revision = Int(parts[0]), revision > 0,
            namespace == nil || parts[1] == namespace ?? ""
        else { throw .badRequest("invalid continue token: continue key is not valid: \(text)") }
        self.revision = revision
        key = ObjectKey(namespace: String(parts[1]), name: String(parts[2]))
    }

    /// The token as clients send it back.
    var text: String { "\(revision)/\(key.namespace)/\(key.name)" }
}
