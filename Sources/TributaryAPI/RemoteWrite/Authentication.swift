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

/// An `Authorization` header.
public struct Authorization: Sendable, Hashable, Codable {
    public var type: String?
    public var credentials: KeySelector?

    static let schema = Schema.object(
        [
            "type": .text("The scheme; Basic is basicAuth's. Defaults to Bearer.", max: 64, pattern: "^[A-Za-z0-9-]+$"),
            "credentials": KeySelector.schema("The Secret with the credentials, such as a token."),
        ], description: "An Authorization header. Excludes basicAuth and oauth2.")
}

/// OAuth 2.0 with client credentials.
public struct OAuth2: Sendable, Hashable, Codable {
    public var clientId: SecretOrConfigMap
    public var clientSecret: KeySelector
    public var tokenUrl: String
    public var scopes: [String]?
    public var endpointParams: [String: String]?

    static let schema = Schema.object(
        [
            "clientId": SecretOrConfigMap.schema("The client's id."),
            "clientSecret": KeySelector.schema("The Secret with the client's secret."),
            "tokenUrl": .url("Where tokens are fetched."),
            "scopes": .list(of: .text("A scope.", max: 256), max: 64, "The scopes to ask for."),
            "endpointParams": .strings("Parameters to append to the token's URL."),
        ], required: ["clientId", "clientSecret", "tokenUrl"],
        description: "OAuth 2.0 with client credentials. Excludes basicAuth and authorization.")
}

/// How to speak TLS with a server.
public struct TLSConfig: Sendable, Hashable, Codable {
    public var ca: SecretOrConfigMap?
    public var cert: SecretOrConfigMap?
    public var keySecret: KeySelector?
    public var serverName: String?
    public var insecureSkipVerify: Bool?
    public var minVersion: String?
    public var maxVersion: String?

    static let rules: [CheckedRule<TLSConfig>] = [
        CheckedRule(
            "has(self.cert) == has(self.keySecret)",
            "should have both of \"cert\" and \"keySecret\" or none: they belong together"
        ) { ($0.cert == nil) == ($0.keySecret == nil) }
    ]

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(ca, SecretOrConfigMap.rules, at: path.appending("ca"))
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
    }

    static func schema(_ description: String) -> Schema {
        let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]
        return .object(
            [
                "ca": SecretOrConfigMap.schema(
                    "The certificate authorities to trust, PEM. Defaults to the image's own."),
                "cert": SecretOrConfigMap.schema("The client's certificate, PEM."),
                "keySecret": KeySelector.schema("The Secret with the client's key, PEM."),
                "serverName": .objectName(
                    "The name that the server's certificate must have. Defaults to the URL's host."),
                "insecureSkipVerify": .boolean(
                    "Trusts whoever answers, and with that gives the credentials to them. Defaults to false."),
                "minVersion": .choice("The least version of TLS. Defaults to TLS12.", versions),
                "maxVersion": .choice("The most recent version of TLS. Defaults to TLS13.", versions),
            ], description: description
        ).with(rules: rules)
    }
}
