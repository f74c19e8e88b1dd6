import Kube

/// The gateway that tenants write and read through: nginx, which proves who the caller is before it forwards a request.
public struct GatewaySpec: Sendable, Hashable, Codable {
    /// The version of nginx.
    public var version: String?
    /// The image of nginx.
    public var image: String?
    /// The number of pods.
    public var replicas: Int?
    /// The compute resources of the container.
    public var resources: ResourceRequirements?
    /// Serves HTTPS.
    public var tls: GatewayTLS?
    /// How callers prove who they are, besides the credentials of each tenant.
    public var authentication: GatewayAuthentication?
    /// The limits of each tenant, unless the Tenant sets its own.
    public var limits: GatewayLimits?

    static let rules: [CheckedRule<GatewaySpec>] = [
        CheckedRule(
            "!has(self.authentication) || !has(self.authentication.clientCertificates) || has(self.tls)",
            "is required with authentication.clientCertificates: clients present certificates only with TLS", at: "tls"
        ) { $0.authentication?.clientCertificates == nil || $0.tls != nil }
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
    }

    static let schema = Schema.object(
        [
            "version": .version("The version of nginx. Defaults to \(DefaultImage.nginx.version)."),
            "image": .image(
                "The image of nginx. Defaults to \(DefaultImage.nginx.repository), tagged with the version."),
            "replicas": .count("The number of pods. Defaults to 2.", from: 1, to: 50),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the nginx container. Defaults to requests of 50m CPU and 64Mi memory \
                and a limit of 512Mi memory.
                """),
            "tls": GatewayTLS.schema,
            "authentication": GatewayAuthentication.schema,
            "limits": GatewayLimits.schema(
                "The limits of each tenant, unless the Tenant sets its own. Each pod of the gateway counts by itself."),
        ],
        description: """
            The gateway that tenants write and read through: nginx, which proves who the caller is, sets the tenant \
            header from that and forwards only writes and queries. Defaults to no gateway: whoever reaches the view \
            can write as any tenant.
            """
    ).with(rules: rules)
}

/// The certificate of the gateway.
public struct GatewayTLS: Sendable, Hashable, Codable {
    /// The Secret of type kubernetes.io/tls with the certificate.
    public var secretName: String

    static let schema = Schema.object(
        [
            "secretName": .objectName(
                """
                The Secret of type kubernetes.io/tls with the certificate. If agents of this cluster write to the \
                gateway, the certificate must include the name of its Service. If the Secret has a key ca.crt, \
                agents trust that authority; otherwise they trust those of their image.
                """)
        ],
        required: ["secretName"], description: "Serves HTTPS. If absent, the gateway serves plain HTTP.")
}
