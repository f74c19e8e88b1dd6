import Kube

/// A key of either a Secret or a ConfigMap in the same namespace: prometheus-operator's SecretOrConfigMap.
public struct SecretOrConfigMap: Sendable, Hashable, Codable {
    /// The key of a Secret that holds the value.
    public var secret: KeySelector?
    /// The key of a ConfigMap that holds the value.
    public var configMap: KeySelector?

    /// A key of a Secret.
    public init(secret name: String, key: String) { secret = KeySelector(name: name, key: key) }

    static let rules: [CheckedRule<SecretOrConfigMap>] = [
        .exactlyOne(of: [.init("secret") { $0.secret != nil }, .init("configMap") { $0.configMap != nil }])
    ]

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "secret": KeySelector.schema("The key of a Secret that holds the value."),
                "configMap": KeySelector.schema("The key of a ConfigMap that holds the value.", of: "ConfigMap"),
            ], description: description
        ).with(rules: rules)
    }
}
