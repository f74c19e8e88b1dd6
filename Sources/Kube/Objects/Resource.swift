/// A kind of object and where the API server serves it: what client-go calls GroupVersionResource and GroupVersionKind.
public struct Resource: Sendable, Hashable, CustomStringConvertible {
    /// The API group, empty for the core group.
    public var group: String
    /// The version, such as `v1`.
    public var version: String
    /// The kind, such as `StatefulSet`.
    public var kind: String
    /// The name in URLs, such as `statefulsets`.
    public var plural: String
    /// Whether objects live in a namespace.
    public var isNamespaced: Bool

    /// A resource.
    public init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// The `apiVersion` of objects: `v1`, or `group/version`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The name RBAC and messages use: `statefulsets.apps`.
    public var description: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// The path of the collection, of one object, or of an object's subresource, as the API server serves it.
    ///
    /// A nil namespace of a namespaced resource means all namespaces. The parts are not percent-encoded: names that the
    /// API server accepts need no encoding, and callers check names first (see ``isValidPathSegment(_:)``).
    public func path(namespace: String?, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(namespace)" }
        path += "/\(plural)"
        if let name { path += "/\(name)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }

    /// Whether text can stand as one segment of an API path, by apimachinery's `IsValidPathSegmentName`.
    public static func isValidPathSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && !text.contains("/") && !text.contains("%")
    }
}

extension Resource {
    public static let namespaces = Resource(
        group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)
    public static let configMaps = Resource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")
    public static let secrets = Resource(group: "", version: "v1", kind: "Secret", plural: "secrets")
    public static let services = Resource(group: "", version: "v1", kind: "Service", plural: "services")
    public static let serviceAccounts = Resource(
        group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
    public static let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
    public static let nodes = Resource(group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)
    public static let deployments = Resource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    public static let statefulSets = Resource(group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets")
    public static let daemonSets = Resource(group: "apps", version: "v1", kind: "DaemonSet", plural: "daemonsets")
    public static let roles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "Role", plural: "roles")
    public static let roleBindings = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "RoleBinding", plural: "rolebindings")
    public static let clusterRoles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole", plural: "clusterroles",
        isNamespaced: false)
    public static let clusterRoleBindings = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRoleBinding", plural: "clusterrolebindings",
        isNamespaced: false)
    public static let ingresses = Resource(
        group: "networking.k8s.io", version: "v1", kind: "Ingress", plural: "ingresses")
    public static let networkPolicies = Resource(
        group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy", plural: "networkpolicies")
    public static let podDisruptionBudgets = Resource(
        group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets")
    public static let endpointSlices = Resource(
        group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", plural: "endpointslices")
    public static let leases = Resource(group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")
    public static let events = Resource(group: "events.k8s.io", version: "v1", kind: "Event", plural: "events")
    public static let customResourceDefinitions = Resource(
        group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions", isNamespaced: false)
}
