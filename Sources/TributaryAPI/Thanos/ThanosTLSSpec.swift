import Kube

/// TLS between the parts of Thanos: one certificate that all of them have, as servers and as clients.
public struct ThanosTLSSpec: Sendable, Hashable, Codable {
    /// The Secret of type kubernetes.io/tls with the certificate, and the authority in `ca.crt`.
    public var secretName: String?
    /// Has cert-manager issue the certificate.
    public var certificate: IssuedCertificateSpec?

    static let rules: [CheckedRule<ThanosTLSSpec>] = [
        .exactlyOne(
            of: [.init("secretName") { $0.secretName != nil }, .init("certificate") { $0.certificate != nil }],
            ": either others make the certificate or cert-manager does")
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) { errors.check(self, Self.rules, at: path) }

    static let schema = Schema.object(
        [
            "secretName": .objectName(
                """
                The Secret of type kubernetes.io/tls with the certificate of all parts and, in ca.crt, the authority that \
                has signed it. It is a certificate of servers and of clients, with the DNS names NAME-thanos.NAMESPACE.svc \
                and those of the Services in NAMESPACE, or *.NAMESPACE.svc for all. Whoever has a certificate of this \
                authority counts as a part of Thanos, so use one that signs nothing else.
                """),
            "certificate": IssuedCertificateSpec.schema,
        ],
        description: """
            TLS between the parts of Thanos. Receivers, Store Gateways and Thanos Query then ask each other for \
            certificates, and so do routers behind a gateway. Adopted receivers and query.endpoints must speak TLS with \
            the same authority. Defaults to plain connections.
            """
    ).with(rules: rules)
}

/// A certificate that cert-manager issues and renews.
public struct IssuedCertificateSpec: Sendable, Hashable, Codable {
    /// What issues the certificate.
    public var issuerRef: IssuerReference
    /// How long the certificate is valid.
    public var duration: String?
    /// How long before its end the certificate is renewed.
    public var renewBefore: String?

    static let schema = Schema.object(
        [
            "issuerRef": IssuerReference.schema,
            "duration": .duration(
                "How long the certificate is valid. Defaults to what cert-manager does: 90 days."),
            "renewBefore": .duration(
                "How long before its end the certificate is renewed. Defaults to what cert-manager does: a third of duration."
            ),
        ], required: ["issuerRef"],
        description: """
            Has cert-manager issue and renew the certificate, in the Secret NAME-thanos-tls. The issuer must tell its \
            authority, as those of the types CA and Vault do.
            """)
}

/// An issuer of cert-manager.
public struct IssuerReference: Sendable, Hashable, Codable {
    /// The name of the issuer.
    public var name: String
    /// The kind of the issuer.
    public var kind: String?
    /// The API group of the issuer.
    public var group: String?

    static let schema = Schema.object(
        [
            "name": .objectName("The name of the issuer."),
            "kind": .text(
                "The kind of the issuer. Defaults to Issuer, one in the namespace of the GlobalView.", max: 63,
                pattern: "^[A-Za-z][A-Za-z0-9]*$"),
            "group": .objectName("The API group of the issuer. Defaults to cert-manager.io."),
        ], required: ["name"], description: "The issuer of cert-manager that signs the certificate.")
}
