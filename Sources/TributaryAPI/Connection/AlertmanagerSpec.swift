public import Kube

/// Alertmanagers: the endpoints of a Service, or addresses.
public struct AlertmanagerSpec: Sendable, Hashable, Codable {
    /// The name of the entry.
    public var name: String
    /// The Service whose endpoints are Alertmanagers.
    public var service: AlertmanagerService?
    /// The addresses of Alertmanagers.
    public var targets: [String]?
    /// http or https.
    public var scheme: String?
    /// The path prefix of the API.
    public var pathPrefix: String?
    /// The timeout of a request.
    public var timeout: String?
    /// HTTP basic authentication.
    public var basicAuth: BasicAuthSpec?
    /// The Authorization header.
    public var authorization: SafeAuthorizationSpec?
    /// The TLS settings of the connection.
    public var tlsConfig: SafeTLSConfig?

    static let rules: [CheckedRule<AlertmanagerSpec>] = [
        .exactlyOne(of: [.init("service") { $0.service != nil }, .init("targets") { $0.targets != nil }]),
        .atMostOne(of: [.init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil }]
        ),
    ]

    /// Checks the rules across fields.
    public func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
    }

    static let schema = Schema.object(
        [
            "name": .text("The name of the entry, unique among alertmanagers.", max: 63),
            "service": AlertmanagerService.schema,
            "targets": .set(
                of: .text("An address, such as alertmanager.example.org:9093.", pattern: #"^[A-Za-z0-9.:_\[\]-]+$"#),
                max: 32, "The addresses of Alertmanagers, as HOST:PORT."
            ).with { $0.minItems = 1 },
            "scheme": .choice("The scheme of the API. Defaults to http.", ["http", "https"]),
            "pathPrefix": .text("The path prefix of the API. Defaults to /.", pattern: #"^/[^\s?#]*$"#),
            "timeout": .duration("The timeout of a request. Defaults to 10s."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": SafeAuthorizationSpec.schema,
            "tlsConfig": SafeTLSConfig.schema("The TLS settings of the connection to the Alertmanagers."),
        ], required: ["name"], description: "Alertmanagers: the endpoints of a Service, or addresses."
    ).with(rules: rules)
}

/// A Service whose endpoints are Alertmanagers.
public struct AlertmanagerService: Sendable, Hashable, Codable {
    /// The name of the Service.
    public var name: String
    /// The namespace of the Service.
    public var namespace: String?
    /// The name of the port.
    public var port: String?

    static let schema = Schema.object(
        [
            "name": .objectName("The name of the Service, such as alertmanager-operated."),
            "namespace": .namespaceName("The namespace of the Service. Defaults to that of this object."),
            "port": .text("The name of the port of the Service. Defaults to web.", max: 63, pattern: "^[a-z0-9-]+$"),
        ], required: ["name"], description: "The Service whose endpoints are Alertmanagers.")
}
