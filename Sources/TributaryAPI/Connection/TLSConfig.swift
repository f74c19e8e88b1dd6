import Kube

/// TLS settings of a client, from Secrets and ConfigMaps only: prometheus-operator's SafeTLSConfig.
public struct SafeTLSConfig: Sendable, Hashable, Codable {
    /// The certificate authorities to trust, in PEM.
    public var ca: SecretOrConfigMap?
    /// The client certificate, in PEM.
    public var cert: SecretOrConfigMap?
    /// The Secret key with the client key, in PEM.
    public var keySecret: KeySelector?
    /// The name that the certificate of the server must have.
    public var serverName: String?
    /// Whether to accept any server certificate.
    public var insecureSkipVerify: Bool?
    /// The minimum TLS version.
    public var minVersion: String?
    /// The maximum TLS version.
    public var maxVersion: String?

    static let rules: [CheckedRule<SafeTLSConfig>] = [
        CheckedRule(
            "has(self.cert) == has(self.keySecret)",
            "should have both \"cert\" and \"keySecret\" or neither: they belong together"
        ) { ($0.cert == nil) == ($0.keySecret == nil) }
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(ca, SecretOrConfigMap.rules, at: path.appending("ca"))
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
    }

    static func schema(_ description: String) -> Schema {
        .object(properties, description: description).with(rules: rules)
    }

    static let properties: Schema.Properties = {
        let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]
        return [
            "ca": SecretOrConfigMap.schema(
                "The certificate authorities to trust, in PEM. Defaults to those of the image."),
            "cert": SecretOrConfigMap.schema("The client certificate, in PEM."),
            "keySecret": KeySelector.schema("The Secret key with the client key, in PEM."),
            "serverName": .objectName(
                "The name that the certificate of the server must have. Defaults to the host of the URL."),
            "insecureSkipVerify": .boolean(
                """
                Whether to accept any server certificate, which exposes credentials to any server that answers. \
                Defaults to false.
                """),
            "minVersion": .choice("The minimum TLS version. Defaults to TLS12.", versions),
            "maxVersion": .choice("The maximum TLS version. Defaults to TLS13.", versions),
        ]
    }()
}

/// TLS settings of a client, from Secrets, ConfigMaps and files: prometheus-operator's TLSConfig.
public struct TLSConfig: Sendable, Hashable, Codable {
    /// The certificate authorities to trust, in PEM.
    public var ca: SecretOrConfigMap?
    /// The client certificate, in PEM.
    public var cert: SecretOrConfigMap?
    /// The Secret key with the client key, in PEM.
    public var keySecret: KeySelector?
    /// The name that the certificate of the server must have.
    public var serverName: String?
    /// Whether to accept any server certificate.
    public var insecureSkipVerify: Bool?
    /// The minimum TLS version.
    public var minVersion: String?
    /// The maximum TLS version.
    public var maxVersion: String?
    /// The path of a file with the certificate authorities in the container.
    public var caFile: String?
    /// The path of a file with the client certificate in the container.
    public var certFile: String?
    /// The path of a file with the client key in the container.
    public var keyFile: String?

    static let rules: [CheckedRule<TLSConfig>] = [
        CheckedRule(
            "(has(self.cert) || has(self.certFile)) == (has(self.keySecret) || has(self.keyFile))",
            "should have both a certificate and its key or neither: they belong together"
        ) { ($0.cert != nil || $0.certFile != nil) == ($0.keySecret != nil || $0.keyFile != nil) },
        CheckedRule(
            """
            !(has(self.ca) && has(self.caFile)) && !(has(self.cert) && has(self.certFile)) && \
            !(has(self.keySecret) && has(self.keyFile))
            """,
            "should have the authorities, the certificate and the key each by reference or as a file, not both"
        ) {
            !($0.ca != nil && $0.caFile != nil) && !($0.cert != nil && $0.certFile != nil)
                && !($0.keySecret != nil && $0.keyFile != nil)
        },
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(ca, SecretOrConfigMap.rules, at: path.appending("ca"))
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
    }

    static func schema(_ description: String) -> Schema {
        let files: Schema.Properties = [
            "caFile": .filePath("The path of a file with the certificate authorities in the container. Excludes ca."),
            "certFile": .filePath("The path of a file with the client certificate in the container. Excludes cert."),
            "keyFile": .filePath("The path of a file with the client key in the container. Excludes keySecret."),
        ]
        return .object(
            SafeTLSConfig.properties, and: files, description: description
        ).with(rules: rules)
    }
}

extension TLSConfig {
    /// Settings that trust the certificate authorities in a file of the container.
    public init(caFile: String) { self.caFile = caFile }
}
