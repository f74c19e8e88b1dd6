/// A key of a Secret or a ConfigMap that a configuration refers to.
public struct CredentialReference: Sendable, Hashable, CustomStringConvertible {
    /// The kind of the object.
    public enum Kind: String, Sendable {
        /// A Secret.
        case secret
        /// A ConfigMap.
        case configMap
    }

    /// The kind of the object.
    public var kind: Kind
    /// The namespace of the object.
    public var namespace: String
    /// The name of the object.
    public var name: String
    /// The key in the object.
    public var key: String

    /// Creates a reference.
    public init(_ kind: Kind, namespace: String, name: String, key: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.key = key
    }

    /// The name of the file with the content, unique among all references, as names in Kubernetes contain no `_`.
    public var fileName: String { "\(kind.rawValue.lowercased())_\(namespace)_\(name)_\(key)" }

    /// The reference as messages have it: `key "token" of Secret shop/scrape`.
    public var description: String {
        "key \"\(key)\" of \(kind == .secret ? "Secret" : "ConfigMap") \(namespace)/\(name)"
    }
}
