import Kube

/// How to speak TLS with a server, by Secrets and ConfigMaps only.
public struct SafeTLSConfig: Sendable, Hashable, Codable {
    public var ca: SecretOrConfigMap?
    public var cert: SecretOrConfigMap?
    public var keySecret: KeySelector?
    public var serverName: String?
    public var insecureSkipVerify: Bool?
    public var minVersion: String?
    public var maxVersion: String?

    static let rules: [CheckedRule<SafeTLSConfig>] = [
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
        .object(properties, description: description).with(rules: rules)
    }

    static let properties: Schema.Properties = {
        let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]
        return [
            "ca": SecretOrConfigMap.schema("The certificate authorities to trust, PEM. Defaults to the image's own."),
            "cert": SecretOrConfigMap.schema("The client's certificate, PEM."),
            "keySecret": KeySelector.schema("The Secret with the client's key, PEM."),
            "serverName": .objectName("The name that the server's certificate must have. Defaults to the URL's host."),
            "insecureSkipVerify": .boolean(
                "Trusts whoever answers, and with that gives the credentials to them. Defaults to false."),
            "minVersion": .choice("The least version of TLS. Defaults to TLS12.", versions),
            "maxVersion": .choice("The most recent version of TLS. Defaults to TLS13.", versions),
        ]
    }()
}

/// How to speak TLS with a server, by Secrets, ConfigMaps and files of the container.
public struct TLSConfig: Sendable, Hashable, Codable {
    public var ca: SecretOrConfigMap?
    public var cert: SecretOrConfigMap?
    public var keySecret: KeySelector?
    public var serverName: String?
    public var insecureSkipVerify: Bool?
    public var minVersion: String?
    public var maxVersion: String?
    public var caFile: String?
    public var certFile: String?
    public var keyFile: String?

    static let rules: [CheckedRule<TLSConfig>] = [
        CheckedRule(
            "(has(self.cert) || has(self.certFile)) == (has(self.keySecret) || has(self.keyFile))",
            "should have both a certificate and its key or none: they belong together"
        ) { ($0.cert != nil || $0.certFile != nil) == ($0.keySecret != nil || $0.keyFile != nil) },
        CheckedRule(
            """
            !(has(self.ca) && has(self.caFile)) && !(has(self.cert) && has(self.certFile)) && \
            !(has(self.keySecret) && has(self.keyFile))
            """, "should have each of them either by reference or as a file, not both"
        ) {
            !($0.ca != nil && $0.caFile != nil) && !($0.cert != nil && $0.certFile != nil)
                && !($0.keySecret != nil && $0.keyFile != nil)
        },
    ]

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(ca, SecretOrConfigMap.rules, at: path.appending("ca"))
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
    }

    static func schema(_ description: String) -> Schema {
        let files: Schema.Properties = [
            "caFile": .filePath("The file with the certificate authorities, in the place of ca."),
            "certFile": .filePath("The file with the client's certificate, in the place of cert."),
            "keyFile": .filePath("The file with the client's key, in the place of keySecret."),
        ]
        return .object(
            SafeTLSConfig.properties, and: files, description: description
        ).with(rules: rules)
    }
}
