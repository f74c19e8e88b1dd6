import Kube

/// A key of a Secret or ConfigMap in the same namespace: `core/v1` SecretKeySelector and ConfigMapKeySelector.
public struct KeySelector: Sendable, Hashable, Codable {
    /// The name of the Secret or ConfigMap.
    public var name: String
    /// The key in the Secret or ConfigMap.
    public var key: String
    /// Whether the Secret or ConfigMap or its key may be missing.
    public var optional: Bool?

    /// A key of a Secret or ConfigMap.
    public init(name: String, key: String) {
        self.name = name
        self.key = key
    }

    static func schema(_ description: String, of kind: String = "Secret") -> Schema {
        .object(
            [
                "name": .objectName("The name of the \(kind)."),
                "key": .text("The key in the \(kind).", pattern: "^[-._a-zA-Z0-9]+$"),
                "optional": .boolean("Whether the \(kind) or its key may be missing. Defaults to false."),
            ], required: ["name", "key"], description: description)
    }
}
