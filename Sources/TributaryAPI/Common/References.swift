import Kube

/// A reference to an object of a known kind in the same namespace.
public struct LocalReference: Sendable, Hashable, Codable {
    public var name: String

    static func schema(_ description: String, name: String) -> Schema {
        .object(["name": .objectName(name)], required: ["name"], description: description)
    }
}

/// A reference to an object of a known kind in this or another namespace.
public struct NamespacedReference: Sendable, Hashable, Codable {
    public var name: String
    public var namespace: String?

    static func schema(_ description: String, name: String) -> Schema {
        .object(
            [
                "name": .objectName(name),
                "namespace": .namespaceName(
                    "Its namespace. Defaults to the namespace of the object that refers to it."),
            ], required: ["name"], description: description)
    }
}

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

/// A key of a Secret or of a ConfigMap in the same namespace; exactly one of them.
public struct SecretOrConfigMap: Sendable, Hashable, Codable {
    public var secret: KeySelector?
    public var configMap: KeySelector?

    static let rules: [CheckedRule<SecretOrConfigMap>] = [
        .exactlyOne(of: [.init("secret") { $0.secret != nil }, .init("configMap") { $0.configMap != nil }])
    ]

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "secret": KeySelector.schema("The key of a Secret that holds it."),
                "configMap": KeySelector.schema("The key of a ConfigMap that holds it.", of: "ConfigMap"),
            ], description: description
        ).with(rules: rules)
    }
}
