import Kube

/// How Kubernetes discovery reaches an API server that is not the pod's own: prometheus-operator's APIServerConfig.
public struct APIServerConfig: Sendable, Hashable, Codable, ProxySettings {
    public var host: String
    public var basicAuth: BasicAuthSpec?
    public var bearerTokenFile: String?
    public var authorization: AuthorizationSpec?
    public var tlsConfig: TLSConfig?
    public var proxyUrl: String?
    public var noProxy: String?
    public var proxyFromEnvironment: Bool?
    public var proxyConnectHeader: [String: [KeySelector]]?

    static let rules: [CheckedRule<APIServerConfig>] =
        [
            .atMostOne(of: [
                .init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil },
                .init("bearerTokenFile") { $0.bearerTokenFile != nil },
            ])
        ] + ProxyRules<APIServerConfig>.all

    static let schema = Schema.object(
        [
            "host": .url("The API server, such as https://kubernetes.default.svc."),
            "basicAuth": BasicAuthSpec.schema,
            "bearerTokenFile": .filePath("The file with the token, where the container has it from elsewhere."),
            "authorization": AuthorizationSpec.schema,
            "tlsConfig": TLSConfig.schema("How to speak TLS with the API server."),
        ], and: proxySchemas("the API server"), required: ["host"],
        description: "How monitors' targets are discovered. Defaults to the pod's ServiceAccount and API server."
    ).with(rules: rules)

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(authorization, AuthorizationSpec.rules, at: path.appending("authorization"))
        tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
    }
}
