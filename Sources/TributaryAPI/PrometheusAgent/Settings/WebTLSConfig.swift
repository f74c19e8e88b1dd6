import Kube

/// TLS settings of the web server: prometheus-operator's WebTLSConfig.
public struct WebTLSConfig: Sendable, Hashable, Codable {
    /// The certificate of the web server, in PEM.
    public var cert: SecretOrConfigMap
    /// The Secret key with the key of the certificate, in PEM.
    public var keySecret: KeySelector
    /// The certificate authorities of client certificates, in PEM.
    public var client_ca: SecretOrConfigMap?
    /// Whether clients must present a certificate.
    public var clientAuthType: String?
    /// The minimum TLS version.
    public var minVersion: String?
    /// The maximum TLS version.
    public var maxVersion: String?
    /// The cipher suites for TLS 1.2 and earlier.
    public var cipherSuites: [String]?
    /// Whether the server chooses the cipher suite by its own order of preference.
    public var preferServerCipherSuites: Bool?
    /// The elliptic curves, in order of preference.
    public var curvePreferences: [String]?

    static let schema = Schema.object(
        [
            "cert": SecretOrConfigMap.schema("The certificate of the web server, in PEM."),
            "keySecret": KeySelector.schema("The Secret key with the key of the certificate, in PEM."),
            "client_ca": SecretOrConfigMap.schema("The certificate authorities of client certificates, in PEM."),
            "clientAuthType": .choice(
                "Whether clients must present a certificate. Defaults to NoClientCert.",
                [
                    "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
                    "RequireAndVerifyClientCert",
                ]),
            "minVersion": .choice("The minimum TLS version. Defaults to TLS12.", Self.versions),
            "maxVersion": .choice("The maximum TLS version. Defaults to TLS13.", Self.versions),
            "cipherSuites": .list(
                of: .text("A cipher suite, by its name in Go.", max: 64), max: 64,
                "The cipher suites for TLS 1.2 and earlier."),
            "preferServerCipherSuites": .boolean(
                "Whether the server chooses the cipher suite by its own order of preference. Defaults to true."),
            "curvePreferences": .list(
                of: .text("A curve, by its name in Go.", max: 64), max: 16,
                "The elliptic curves, in order of preference."),
        ], required: ["cert", "keySecret"],
        description: "Serves HTTPS. Client certificates cannot be required, since probes of the kubelet have none."
    ).with(rules: rules)

    static let rules: [CheckedRule<WebTLSConfig>] = [
        CheckedRule(
            "!has(self.clientAuthType) || !self.clientAuthType.startsWith('Require')",
            "should not require client certificates: probes of the kubelet have none", at: "clientAuthType"
        ) { $0.clientAuthType?.hasPrefix("Require") != true }
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
        errors.check(client_ca, SecretOrConfigMap.rules, at: path.appending("client_ca"))
    }

    private static let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]
}
