import Kube

/// An `Authorization` header, its credentials in a Secret.
public struct SafeAuthorizationSpec: Sendable, Hashable, Codable {
    public var type: String?
    public var credentials: KeySelector?

    static let schema = Schema.object(properties, description: "An Authorization header. Excludes basicAuth.")

    static let properties: Schema.Properties = [
        "type": .text("The scheme; Basic is basicAuth's. Defaults to Bearer.", max: 64, pattern: "^[A-Za-z0-9-]+$"),
        "credentials": KeySelector.schema("The Secret with the credentials, such as a token."),
    ]
}

/// An `Authorization` header, its credentials in a Secret or in a file of the container.
public struct AuthorizationSpec: Sendable, Hashable, Codable {
    public var type: String?
    public var credentials: KeySelector?
    public var credentialsFile: String?

    static let rules: [CheckedRule<AuthorizationSpec>] = [
        .atMostOne(of: [
            .init("credentials") { $0.credentials != nil }, .init("credentialsFile") { $0.credentialsFile != nil },
        ]),
        CheckedRule(
            "!has(self.type) || self.type.lowerAscii() != 'basic'", "should not be Basic, which is basicAuth's",
            at: "type"
        ) { $0.type?.lowercased() != "basic" },
    ]

    static let schema = Schema.object(
        SafeAuthorizationSpec.properties,
        and: [
            "credentialsFile": .filePath("The file with the credentials, where the container has it from elsewhere.")
        ], description: "An Authorization header. Excludes the other ways to authenticate."
    ).with(rules: rules)
}
