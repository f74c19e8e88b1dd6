import Kube

extension ConfigTable {
    /// `basic_auth`.
    static let basicAuth = ConfigTable(
        "a basic_auth",
        [
            .field("username", .string), .field("username_file", .string, since: .firstUsernameFile),
            .field("username_ref", .string, since: .firstSecretReferences),
            .field("password", .string), .field("password_file", .string),
            .field("password_ref", .string, since: .firstSecretReferences),
        ])

    /// `authorization`.
    static let authorization = ConfigTable(
        "an authorization",
        [
            .field("type", .string), .field("credentials", .string), .field("credentials_file", .string),
            .field("credentials_ref", .string, since: .firstSecretReferences),
        ],
        otherNames: ["token": "credentials"])

    /// `oauth2`.
    static let oauth2 = ConfigTable(
        "an oauth2",
        [
            .field("client_id", .string),
            .field("client_secret", .string), .field("client_secret_file", .string),
            .field("client_secret_ref", .string, since: .firstSecretReferences),
            .field("scopes", .strings), .field("token_url", .string),
            .field("endpoint_params", .stringMap),
            .field("tls_config", .object(tls)),
            .field("proxy_url", .url, since: .init(2, 35)),
            .field("client_certificate_key_id", .string, since: firstAssertions),
            .field("client_certificate_key", .string, since: firstAssertions),
            .field("client_certificate_key_file", .string, since: firstAssertions),
            .field("client_certificate_key_ref", .string, since: firstAssertions),
            .field("grant_type", .string, since: firstAssertions),
            .field("signature_algorithm", .string, since: firstAssertions),
            .field("iss", .string, since: firstAssertions), .field("audience", .string, since: firstAssertions),
            .field("claims", .map(.any), since: firstAssertions),
        ] + ConfigField.proxies + [.field("proxy_connect_header", .map(.strings), since: .init(2, 43))],
        rules: ConfigRule.proxies)

    private static let firstAssertions = PrometheusVersion(3, 8)
}

extension ConfigRule {
    /// The rules about ways to authenticate. Prometheus applies them with those about the client as a whole.
    static let authentication: [ConfigRule] = [
        .inside(
            "basic_auth",
            [
                .atMostOne("username", "username_file", "username_ref"),
                .atMostOne("password", "password_file", "password_ref"),
            ]),
        .inside(
            "authorization",
            [
                .atMostOne("credentials", "credentials_file", "credentials_ref"),
                .one { object in
                    guard object.text("type")?.trimmingSpaces.lowercased() == "basic" else { return nil }
                    return FieldError(FieldPath("type"), "cannot be Basic; use basic_auth")
                },
            ]),
        .inside(
            "oauth2",
            [
                .anyOf("client_id"), .anyOf("token_url"),
                .one { object in
                    object.text("grant_type") == assertionGrant
                        ? assertionProblem(object) : severalSecrets.problems(object).first
                },
                .one { object in
                    guard object.version < PrometheusVersion(2, 51) else { return nil }
                    return anySecret.problems(object).first
                },
            ]),
    ]

    private static let assertionGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    private static let anySecret = anyOf("client_secret", "client_secret_file")
    private static let severalSecrets = atMostOne("client_secret", "client_secret_file", "client_secret_ref")
    private static let severalKeys = atMostOne(
        "client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref")

    private static func assertionProblem(_ object: ConfigObject) -> FieldError? {
        if let problem = severalKeys.problems(object).first { return problem }
        let algorithms = ["", "RS256", "RS384", "RS512"]
        guard let found = object.text("signature_algorithm"), !algorithms.contains(found) else { return nil }
        return FieldError(
            FieldPath("signature_algorithm"), "\"\(found.excerpt)\" should be one of RS256, RS384, RS512")
    }
}
