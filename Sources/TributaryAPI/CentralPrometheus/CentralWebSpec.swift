import Kube

/// The web server of a central Prometheus.
public struct CentralWebSpec: Sendable, Hashable, Codable {
    /// The title of the web pages.
    public var pageTitle: String?
    /// The maximum number of simultaneous connections.
    public var maxConnections: Int?
    /// Serves HTTPS.
    public var tlsConfig: WebTLSConfig?
    /// The authorities that have signed the certificate.
    public var ca: SecretOrConfigMap?
    /// HTTP settings of the web server.
    public var httpConfig: WebHTTPConfig?
    /// The user name and the password that all callers have to send.
    public var basicAuth: BasicAuthSpec?

    static let rules: [CheckedRule<CentralWebSpec>] = [
        CheckedRule(
            "has(self.tlsConfig) == has(self.ca)",
            "should be set together with tlsConfig: the relay and the read proxies check the certificate", at: "ca"
        ) { ($0.tlsConfig == nil) == ($0.ca == nil) },
        CheckedRule(
            "!has(self.basicAuth) || (has(self.basicAuth.username) && has(self.basicAuth.password))",
            "should have both \"username\" and \"password\"", at: "basicAuth"
        ) { $0.basicAuth == nil || ($0.basicAuth?.username != nil && $0.basicAuth?.password != nil) },
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
        errors.check(ca, SecretOrConfigMap.rules, at: path.appending("ca"))
    }

    static let schema = Schema.object(
        [
            "pageTitle": .text("The title of the web pages.", max: 256),
            "maxConnections": .count(
                "The maximum number of simultaneous connections. Defaults to 512, as in Prometheus."),
            "tlsConfig": WebTLSConfig.schema,
            "ca": SecretOrConfigMap.schema(
                """
                The certificate authorities that have signed the certificate, in PEM. With them, the relay and the read \
                proxies check it. The certificate should have the names NAME-prometheus.NAMESPACE.svc and, with \
                replicas, NAME-prometheus-0.NAMESPACE.svc and so on.
                """),
            "httpConfig": WebHTTPConfig.schema,
            "basicAuth": BasicAuthSpec.schema.with {
                $0.description = """
                    The user name and the password that callers of Prometheus have to send. The gateway, the relay, the \
                    platform's rules and the probes do. Requires gateway: read proxies without one cannot authenticate. \
                    Defaults to none.
                    """
            },
        ], description: "The web server of Prometheus, which takes writes and queries."
    ).with(rules: rules)
}
