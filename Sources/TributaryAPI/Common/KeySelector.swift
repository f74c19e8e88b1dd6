import Kube

/// A key of a Secret or a ConfigMap in the same namespace: `core/v1` SecretKeySelector and ConfigMapKeySelector.
public struct KeySelector: Sendable, Hashable, Codable {
    public var name: String
    public var key: String
    public var optional: Bool?

    static func schema(_ description: String, of kind: String = "Secret") -> Schema {
        .object(
            [
                "name": .objectName("The \(kind)'s name."),
                "key": .text("The key in the \(kind).", pattern: "^[-._a-zA-Z0-9]+$"),
                "optional": .boolean("Whether the \(kind) or its key may be absent. Defaults to false."),
            ], required: ["name", "key"], description: description)
    }
}
