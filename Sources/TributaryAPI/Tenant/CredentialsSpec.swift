import Kube

/// The credentials with which a tenant writes and reads through the gateway.
public struct CredentialsSpec: Sendable, Hashable, Codable {
    /// How long a credential is issued for before another one replaces it.
    public var rotateEvery: String?
    /// How long the former credential is accepted after a rotation.
    public var overlap: String?
    /// The Secret with the credential for writing, made by others.
    public var writeSecretRef: KeySelector?
    /// The Secret with the credential for reading, made by others.
    public var readSecretRef: KeySelector?

    static let schema = Schema.object(
        [
            "rotateEvery": .duration(
                """
                How long a credential is used before another one replaces it. Defaults to no rotation. To rotate at \
                once, set the annotation tributary.dev/rotate to another value.
                """),
            "overlap": .duration("How long the former credential is accepted after a rotation. Defaults to 24h."),
            "writeSecretRef": KeySelector.schema(
                """
                The key of a Secret with the credential for writing, in the namespace of the Tenant. It is 16 to 512 \
                letters, digits and -._~+/=. Defaults to a Secret that Tributary creates.
                """),
            "readSecretRef": KeySelector.schema(
                """
                The key of a Secret with the credential for reading, in the namespace of the Tenant. It is 16 to 512 \
                letters, digits and -._~+/=. Defaults to a Secret that Tributary creates.
                """),
        ],
        description: """
            The credentials with which the tenant writes and reads through the gateway: bearer tokens, which are \
            accepted as passwords as well. Defaults to one Secret for each, created by Tributary.
            """)
}

/// An agent that may write as a tenant.
public struct AgentGrant: Sendable, Hashable, Codable {
    /// The namespace of the PrometheusAgent.
    public var namespace: String
    /// The name of the PrometheusAgent.
    public var name: String

    static let schema = Schema.object(
        [
            "namespace": .namespaceName("The namespace of the PrometheusAgent."),
            "name": .objectName("The name of the PrometheusAgent."),
        ], required: ["namespace", "name"])
}

/// Settings of the gateway for one tenant.
public struct TenantGatewaySpec: Sendable, Hashable, Codable {
    /// The limits of the tenant.
    public var limits: GatewayLimits?
    /// The URIs of client certificates that prove that a caller is the tenant.
    public var certificateURIs: [String]?

    static let schema = Schema.object(
        [
            "limits": GatewayLimits.schema("The limits of the tenant. Defaults to gateway.limits of the GlobalView."),
            "certificateURIs": .set(
                of: .text(
                    "A URI, such as spiffe://example.org/ns/shop/sa/agent, compared exactly.", max: 1024,
                    pattern: #"^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#@!&'()*+,;=%\[\]-]+$"#), max: 16,
                """
                The URIs of client certificates that prove that a caller is the tenant, if the GlobalView has \
                clientCertificates.tenantFrom URI. Defaults to none.
                """),
        ],
        description: "Settings of the gateway for the tenant.")
}

/// Brings a tenant off.
public struct OffboardingSpec: Sendable, Hashable, Codable {
    /// How long the tenant can still read.
    public var readsFor: String?

    static let schema = Schema.object(
        [
            "readsFor": .duration(
                """
                How long the tenant can still read, such as the retention of the view. Then everything that was \
                created for the tenant is removed. Defaults to 0s.
                """)
        ],
        description: """
            Brings the tenant off: from now on its writes are refused, and later its reads. Stored series stay until \
            their retention ends. Deleting the Tenant removes everything at once.
            """)
}
