import Kube

/// An `Authorization` header with credentials from a Secret: prometheus-operator's SafeAuthorization.
public struct SafeAuthorizationSpec: Sendable, Hashable, Codable {
    /// The authentication scheme.
    public var type: String?
    /// The Secret key with the credentials, such as a token.
    public var credentials: KeySelector?

    static let schema = Schema.object(properties, description: "The Authorization header. Excludes basicAuth.")

    static let properties: Schema.Properties = [
        "type": .text(
            "The authentication scheme. For Basic, use basicAuth. Defaults to Bearer.", max: 64,
            pattern: "^[A-Za-z0-9-]+$"),
        "credentials": KeySelector.schema("The Secret key with the credentials, such as a token."),
    ]
}

/// An `Authorization` header with credentials from a Secret or a file: prometheus-operator's Authorization.
public struct AuthorizationSpec: Sendable, Hashable, Codable {
    /// The authentication scheme.
    public var type: String?
    /// The Secret key with the credentials, such as a token.
    public var credentials: KeySelector?
    /// The path of a file with the credentials in the container.
    public var credentialsFile: String?

    static let rules: [CheckedRule<AuthorizationSpec>] = [
        .atMostOne(of: [
            .init("credentials") { $0.credentials != nil }, .init("credentialsFile") { $0.credentialsFile != nil },
        ]),
        CheckedRule(
            "!has(self.type) || self.type.lowerAscii() != 'basic'", "should not be Basic; use basicAuth instead",
            at: "type"
        ) { $0.type?.lowercased() != "basic" },
    ]

    static let schema = Schema.object(
        SafeAuthorizationSpec.properties,
        and: [
            "credentialsFile": .filePath("The path of a file with the credentials in the container.")
        ], description: "The Authorization header. Excludes the other authentication methods."
    ).with(rules: rules)
}

extension AuthorizationSpec {
    /// A bearer token from a key of a Secret.
    public init(credentials: KeySelector) { self.credentials = credentials }

    /// A bearer token from a file in the container.
    public init(credentialsFile: String) { self.credentialsFile = credentialsFile }
}
