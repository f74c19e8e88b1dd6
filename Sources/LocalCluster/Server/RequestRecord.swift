import Kube

/// A request that the local cluster received, for tests and fault injection.
public struct RequestRecord: Sendable, Hashable {
    /// The verb as in RBAC (`get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`), or `apply`
    /// for server-side apply.
    public var verb: String
    /// The resource with its group, such as `statefulsets.apps`; empty for paths that name no resource.
    public var resource: String
    /// The namespace; nil for all namespaces and for cluster-scoped objects.
    public var namespace: String?
    /// The name of the object; nil for collections.
    public var name: String?
    /// The subresource, `status` or `scale`; nil for the object itself.
    public var subresource: String?
    /// The HTTP method.
    public var method: String
    /// The path, without the query.
    public var path: String
    /// The query parameters.
    public var query: [String: String]
    /// The `User-Agent` header.
    public var userAgent: String
    /// The body. ``LocalCluster/faults`` gets it; ``LocalCluster/requests`` does not keep it.
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
        case ("GET", true): verb = "get"
        case ("GET", false) where request.flag("watch") && target != nil: verb = "watch"
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
