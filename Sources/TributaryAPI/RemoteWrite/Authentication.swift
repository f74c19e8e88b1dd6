import Kube

/// HTTP basic authentication, its parts in Secrets of the same namespace.
public struct BasicAuth: Sendable, Hashable, Codable {
    public var username: KeySelector?
    public var password: KeySelector?

    static let schema = Schema.object(
        [
            "username": KeySelector.schema("The Secret with the user's name."),
            "password": KeySelector.schema("The Secret with the password."),
        ], description: "HTTP basic authentication. Excludes authorization and oauth2.")
}

/// An `Authorization` header, its credentials in a Secret.
public struct SafeAuthorization: Sendable, Hashable, Codable {
    public var type: String?
    public var credentials: KeySelector?

    static let schema = Schema.object(properties, description: "An Authorization header. Excludes basicAuth.")

    static let properties: Schema.Properties = [
        "type": .text("The scheme; Basic is basicAuth's. Defaults to Bearer.", max: 64, pattern: "^[A-Za-z0-9-]+$"),
        "credentials": KeySelector.schema("The Secret with the credentials, such as a token."),
    ]
}

/// An `Authorization` header, its credentials in a Secret or in a file of the container.
public struct Authorization: Sendable, Hashable, Codable {
    public var type: String?
    public var credentials: KeySelector?
    public var credentialsFile: String?

    static let rules: [CheckedRule<Authorization>] = [
        .atMostOne(of: [
            .init("credentials") { $0.credentials != nil }, .init("credentialsFile") { $0.credentialsFile != nil },
        ]),
        CheckedRule(
            "!has(self.type) || self.type.lowerAscii() != 'basic'", "should not be Basic, which is basicAuth's",
            at: "type"
        ) { $0.type?.lowercased() != "basic" },
    ]

    static let schema = Schema.object(
        SafeAuthorization.properties,
        and: [
            "credentialsFile": .filePath("The file with the credentials, where the container has it from elsewhere.")
        ], description: "An Authorization header. Excludes the other ways to authenticate."
    ).with(rules: rules)
}

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
