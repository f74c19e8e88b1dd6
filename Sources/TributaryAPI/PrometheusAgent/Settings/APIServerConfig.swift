import Kube

/// The API server through which to discover targets, if not that of the cluster: prometheus-operator's APIServerConfig.
public struct APIServerConfig: Sendable, Hashable, Codable, ProxySettings {
    /// The URL of the API server, such as https://kubernetes.default.svc.
    public var host: String
    /// HTTP basic authentication.
    public var basicAuth: BasicAuthSpec?
    /// The path of a file with the token in the container.
    public var bearerTokenFile: String?
    /// The Authorization header.
    public var authorization: AuthorizationSpec?
    /// The TLS settings of the connection to the API server.
    public var tlsConfig: TLSConfig?
    /// The URL of the proxy through which to connect.
    public var proxyUrl: String?
    /// Comma-separated hosts, addresses and networks to connect to without the proxy.
    public var noProxy: String?
    /// Whether to take the proxy from the environment of the container.
    public var proxyFromEnvironment: Bool?
    /// Headers to send to the proxy in CONNECT requests.
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
            "host": .url("The URL of the API server, such as https://kubernetes.default.svc."),
            "basicAuth": BasicAuthSpec.schema,
            "bearerTokenFile": .filePath("The path of a file with the token in the container."),
            "authorization": AuthorizationSpec.schema,
            "tlsConfig": TLSConfig.schema("The TLS settings of the connection to the API server."),
        ], and: proxySchemas("the API server"), required: ["host"],
        description: """
            The API server through which to discover targets. Defaults to that of the cluster, with the \
            ServiceAccount of the pod.
            """
    ).with(rules: rules)

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(authorization, AuthorizationSpec.rules, at: path.appending("authorization"))
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
    }
}
