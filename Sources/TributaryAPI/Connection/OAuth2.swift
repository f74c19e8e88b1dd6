import Kube

/// OAuth 2.0 with client credentials.
public struct OAuth2: Sendable, Hashable, Codable, ProxySettings {
    public var clientId: SecretOrConfigMap
    public var clientSecret: KeySelector
    public var tokenUrl: String
    public var scopes: [String]?
    public var endpointParams: [String: String]?
    public var tlsConfig: SafeTLSConfig?
    public var proxyUrl: String?
    public var noProxy: String?
    public var proxyFromEnvironment: Bool?
    public var proxyConnectHeader: [String: [KeySelector]]?

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, ProxyRules<OAuth2>.all, at: path)
        errors.check(clientId, SecretOrConfigMap.rules, at: path.appending("clientId"))
        tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
    }

    static let schema = Schema.object(
        [
            "clientId": SecretOrConfigMap.schema("The client's id."),
            "clientSecret": KeySelector.schema("The Secret with the client's secret."),
            "tokenUrl": .url("Where tokens are fetched."),
            "scopes": .list(of: .text("A scope.", max: 256), max: 64, "The scopes to ask for."),
            "endpointParams": .strings("Parameters to append to the token's URL."),
            "tlsConfig": SafeTLSConfig.schema("How to speak TLS with the server of tokens."),
        ], and: proxySchemas("the server of tokens"), required: ["clientId", "clientSecret", "tokenUrl"],
        description: "OAuth 2.0 with client credentials. Excludes the other ways to authenticate."
    ).with(rules: ProxyRules<OAuth2>.all)
}
