import Kube

/// An Alertmanager: prometheus-operator's AlertmanagerEndpoints, and addresses as well.
public struct AlertmanagerSpec: Sendable, Hashable, Codable {
    /// The Service of the Alertmanager.
    public var name: String?
    /// The namespace of the Service.
    public var namespace: String?
    /// The port of the Service, by number or by name.
    public var port: IntOrString?
    /// The addresses of Alertmanagers that are no Service: host:port.
    public var targets: [String]?
    /// Whether Alertmanagers are reached by http or https.
    public var scheme: String?
    /// The path before that of the API.
    public var pathPrefix: String?
    /// How long to wait for an Alertmanager.
    public var timeout: String?
    /// TLS settings.
    public var tlsConfig: SafeTLSConfig?
    /// HTTP basic authentication.
    public var basicAuth: BasicAuthSpec?
    /// The Authorization header.
    public var authorization: SafeAuthorizationSpec?

    static let rules: [CheckedRule<AlertmanagerSpec>] = [
        .exactlyOne(of: [.init("name") { $0.name != nil }, .init("targets") { $0.targets != nil }]),
        .atMostOne(of: [
            .init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil },
        ]),
        CheckedRule(
            "!has(self.targets) || (!has(self.namespace) && !has(self.port))",
            "should have neither \"namespace\" nor \"port\": they are those of a Service", at: "targets"
        ) { $0.targets == nil || ($0.namespace == nil && $0.port == nil) },
    ]

    /// Checks the rules across fields.
    public func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
    }

    static let schema = Schema.object(
        [
            "name": .objectName("The name of the Service of the Alertmanager. Excludes targets."),
            "namespace": .namespaceName("The namespace of the Service. Defaults to that of this object."),
            "port": .intOrString("The port of the Service, by number or by name. Defaults to 9093.").with {
                $0.anyOf = [Schema(type: .integer), Schema(type: .string)]
                $0.maxLength = 63
                $0.pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"
            },
            "targets": .list(
                of: .text("An address.", pattern: "^[A-Za-z0-9.:_\\[\\]-]+:[0-9]+$"), max: 16,
                "The addresses, host:port, of Alertmanagers that are no Service. Excludes name."),
            "scheme": .choice("How Alertmanagers are reached. Defaults to http.", ["http", "https"]),
            "pathPrefix": .text(
                "The path before that of the API, such as /alertmanager.", pattern: "^/[A-Za-z0-9/._~-]*$"),
            "timeout": .duration("How long to wait for an Alertmanager. Defaults to 10s."),
            "tlsConfig": SafeTLSConfig.schema("TLS settings."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": SafeAuthorizationSpec.schema,
        ], description: "An Alertmanager: a Service, or addresses."
    ).with(rules: rules)
}
