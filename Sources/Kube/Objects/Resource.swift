/// A kind of object and its place in the API: what client-go calls GroupVersionResource and GroupVersionKind.
public struct Resource: Sendable, Hashable, CustomStringConvertible {
    /// The API group, empty for the core group.
    public var group: String
    /// The version, such as `v1`.
    public var version: String
    /// The kind, such as `StatefulSet`.
    public var kind: String
    /// The name in URLs, such as `statefulsets`.
    public var plural: String
    /// Whether objects are in a namespace.
    public var isNamespaced: Bool

    /// Creates a resource.
    public init(group: String, version: String, kind: String, plural: String, isNamespaced: Bool = true) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
    }

    /// The `apiVersion` of objects: `v1`, or `group/version`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The name in RBAC rules and messages: `statefulsets.apps`.
    public var description: String { group.isEmpty ? plural : "\(plural).\(group)" }

    /// The API path of the collection, of one object, or of a subresource.
    ///
    /// Without a namespace, the path of a namespaced resource covers all namespaces. The parts are not percent-encoded:
    /// valid names need no encoding, and callers check names first with ``isValidPathSegment(_:)``.
    public func path(namespace: String?, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace { path += "/namespaces/\(namespace)" }
        path += "/\(plural)"
        if let name { path += "/\(name)" }
        if let subresource { path += "/\(subresource)" }
        return path
    }

    /// Whether text is valid as one segment of an API path: apimachinery's `IsValidPathSegmentName`.
    public static func isValidPathSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".." && !text.contains("/") && !text.contains("%")
    }
}
