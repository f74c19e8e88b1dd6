import Kube

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
