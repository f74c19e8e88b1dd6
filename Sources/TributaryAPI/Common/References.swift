import Kube

/// A reference to an object of a known kind in the same namespace.
public struct LocalReference: Sendable, Hashable, Codable {
    /// The name of the object.
    public var name: String

    static func schema(_ description: String, name: String) -> Schema {
        .object(["name": .objectName(name)], required: ["name"], description: description)
    }
}

/// A reference to an object of a known kind in this or another namespace.
public struct NamespacedReference: Sendable, Hashable, Codable {
    /// The name of the object.
    public var name: String
    /// The namespace of the object.
    public var namespace: String?

    static func schema(_ description: String, name: String) -> Schema {
        .object(
            [
                "name": .objectName(name),
                "namespace": .namespaceName(
                    "The namespace of the object. Defaults to the namespace of the object that refers to it."),
            ], required: ["name"], description: description)
    }
}
