/// A namespace and a name, which identify an object among those of its kind.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The namespace, empty for cluster-scoped kinds.
    public var namespace: String
    /// The name.
    public var name: String

    /// Creates a key.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `namespace/name`, or only the name for cluster-scoped kinds.
    public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    /// Whether the left key comes first: by namespace, then by name.
    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}
