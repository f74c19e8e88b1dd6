import Kube

/// A request that the local cluster got, as tests and fault injection look at it.
public struct RequestRecord: Sendable, Hashable {
    /// What is done, in the words of RBAC: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`,
    /// `deletecollection`; and `apply` for server-side apply.
    public var verb: String
    /// The resource as RBAC names it, such as `statefulsets.apps`; empty for discovery and the like.
    public var resource: String
    /// The namespace, nil for all of them and for objects without one.
    public var namespace: String?
    /// The object's name, nil for collections.
    public var name: String?
    /// `status`, `scale`, or nil.
    public var subresource: String?
    /// The HTTP method.
    public var method: String
    /// The path without its query.
    public var path: String
    /// The query's parameters.
    public var query: [String: String]
    /// Who asks.
    public var userAgent: String
    /// What was sent. ``LocalCluster/faults`` is shown it; ``LocalCluster/requests`` does not keep it.
    public var body: [UInt8]

    init(_ request: APIRequest, _ target: RequestTarget?) {
        method = request.method
        path = request.path
        query = request.query
        userAgent = request.userAgent
        body = request.body
        resource = target.map { "\($0.type.resource)" } ?? ""
        namespace = target?.namespace
        name = target?.name
        subresource = target?.subresource
        switch (request.method, target?.name != nil) {
        case ("GET", _) where request.flag("watch") && target != nil: verb = "watch"
        case ("GET", true): verb = "get"
        case ("GET", false): verb = target == nil ? "get" : "list"
        case ("POST", _): verb = "create"
        case ("PUT", _): verb = "update"
        case ("PATCH", _): verb = request.contentType.hasPrefix("application/apply-patch") ? "apply" : "patch"
        case ("DELETE", true): verb = "delete"
        case ("DELETE", false): verb = "deletecollection"
        default: verb = request.method.lowercased()
        }
    }
}

/// What goes wrong with a request on purpose.
public enum Fault: Sendable {
    /// The request is answered after a time.
    case delay(Duration)
    /// The connection is closed without an answer.
    case dropConnection
    /// The answer is a status; the request is not carried out.
    case status(APIStatus)

    /// 410, as a server answers that has forgotten too much.
    public static var gone: Fault { .status(.expired("too old resource version: injected")) }
}

/// The latest requests; the oldest are forgotten when there are too many.
struct RequestLog: Sendable {
    private(set) var records: [RequestRecord] = []
    private static let limit = 20_000

    mutating func add(_ record: RequestRecord) {
        var record = record
        record.body = []
        if records.count >= Self.limit { records.removeFirst(Self.limit / 2) }
        records.append(record)
    }
}
