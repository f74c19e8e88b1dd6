import Kube

/// The certificate that Prometheus's web server shows, and whom it lets in.
public struct WebTLSConfig: Sendable, Hashable, Codable {
    public var cert: SecretOrConfigMap
    public var keySecret: KeySelector
    public var client_ca: SecretOrConfigMap?
    public var clientAuthType: String?
    public var minVersion: String?
    public var maxVersion: String?
    public var cipherSuites: [String]?
    public var preferServerCipherSuites: Bool?
    public var curvePreferences: [String]?

    static let schema = Schema.object(
        [
            "cert": SecretOrConfigMap.schema("The certificate, PEM."),
            "keySecret": KeySelector.schema("The Secret with its key, PEM."),
            "client_ca": SecretOrConfigMap.schema("The authorities of clients' certificates, PEM."),
            "clientAuthType": .choice(
                "Whether clients have to show a certificate. Defaults to NoClientCert.",
                [
                    "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
                    "RequireAndVerifyClientCert",
                ]),
            "minVersion": .choice("The least version of TLS. Defaults to TLS12.", Self.versions),
            "maxVersion": .choice("The most recent version of TLS. Defaults to TLS13.", Self.versions),
            "cipherSuites": .list(
                of: .text("A cipher suite, as Go names it.", max: 64), max: 64, "The cipher suites up to TLS 1.2."),
            "preferServerCipherSuites": .boolean("Whether the server's order of them counts. Defaults to true."),
            "curvePreferences": .list(
                of: .text("A curve, as Go names it.", max: 64), max: 16, "The elliptic curves, the preferred first."),
        ], required: ["cert", "keySecret"],
        description: "Serves HTTPS. Probes then speak HTTPS, so clients' certificates cannot be required."
    ).with(rules: rules)

    static let rules: [CheckedRule<WebTLSConfig>] = [
        CheckedRule(
            "!has(self.clientAuthType) || !self.clientAuthType.startsWith('Require')",
            "should not require certificates of clients: kubelet's probes have none", at: "clientAuthType"
        ) { $0.clientAuthType?.hasPrefix("Require") != true }
    ]

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
        errors.check(client_ca, SecretOrConfigMap.rules, at: path.appending("client_ca"))
    }

    private static let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]
}
