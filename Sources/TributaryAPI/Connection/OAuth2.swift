import Kube

/// OAuth 2.0 with client credentials: prometheus-operator's OAuth2.
public struct OAuth2: Sendable, Hashable, Codable, ProxySettings {
    /// The client ID.
    public var clientId: SecretOrConfigMap
    /// The Secret key with the client secret.
    public var clientSecret: KeySelector
    /// The URL to fetch tokens from.
    public var tokenUrl: String
    /// The scopes to request.
    public var scopes: [String]?
    /// Parameters to append to the token URL.
    public var endpointParams: [String: String]?
    /// The TLS settings of the connection to the token server.
    public var tlsConfig: SafeTLSConfig?
    /// The URL of the proxy through which to connect.
    public var proxyUrl: String?
    /// Comma-separated hosts, addresses and networks to connect to without the proxy.
    public var noProxy: String?
    /// Whether to take the proxy from the environment of the container.
    public var proxyFromEnvironment: Bool?
    /// Headers to send to the proxy in CONNECT requests.
    public var proxyConnectHeader: [String: [KeySelector]]?

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, ProxyRules<OAuth2>.all, at: path)
        errors.check(clientId, SecretOrConfigMap.rules, at: path.appending("clientId"))
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
    }

    static let schema = Schema.object(
        [
            "clientId": SecretOrConfigMap.schema("The client ID."),
            "clientSecret": KeySelector.schema("The Secret key with the client secret."),
            "tokenUrl": .url("The URL to fetch tokens from."),
            "scopes": .list(of: .text("A scope.", max: 256), max: 64, "The scopes to request."),
            "endpointParams": .strings("Parameters to append to the token URL."),
            "tlsConfig": SafeTLSConfig.schema("The TLS settings of the connection to the token server."),
        ], and: proxySchemas("the token server"), required: ["clientId", "clientSecret", "tokenUrl"],
        description: "OAuth 2.0 with client credentials. Excludes the other authentication methods."
    ).with(rules: ProxyRules<OAuth2>.all)
}
