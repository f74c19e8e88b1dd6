import Kube

/// How callers of the gateway prove who they are, besides the credentials of each tenant.
public struct GatewayAuthentication: Sendable, Hashable, Codable {
    /// Client certificates.
    public var clientCertificates: ClientCertificates?
    /// An authenticating service, such as oauth2-proxy.
    public var service: AuthenticatingService?

    static let schema = Schema.object(
        ["clientCertificates": ClientCertificates.schema, "service": AuthenticatingService.schema],
        description: """
            How callers prove who they are, besides the credentials of each tenant, which are always accepted as a \
            bearer token or as the password of basic authentication.
            """)
}

/// Client certificates as proof of identity.
public struct ClientCertificates: Sendable, Hashable, Codable {
    /// The certificates of the authorities that sign client certificates.
    public var caSecretRef: KeySelector
    /// The part of the certificate that tells the tenant.
    public var tenantFrom: String?
    /// What a certificate permits.
    public var permits: String?

    static let schema = Schema.object(
        [
            "caSecretRef": KeySelector.schema(
                "The key of a Secret with the certificates of the authorities that sign client certificates, in PEM."),
            "tenantFrom": .choice(
                """
                The part of the certificate that tells the tenant. CommonName and OrganizationalUnit of the subject \
                hold the id of the tenant. URI is the only URI among the alternative names, such as a SPIFFE ID, which \
                the Tenant lists in gateway.certificateURIs. Defaults to CommonName.
                """, ["CommonName", "OrganizationalUnit", "URI"]),
            "permits": .choice(
                """
                What a certificate permits. Defaults to Write, so that a stolen edge device cannot read.
                """, permissions),
        ], required: ["caSecretRef"], description: "Client certificates as proof of identity. Requires tls.")

    static let permissions = ["Write", "Read", "ReadAndWrite"]
}

/// A service that decides who a caller is, asked for each request by `auth_request` of nginx.
public struct AuthenticatingService: Sendable, Hashable, Codable {
    /// The URL that is asked.
    public var url: String
    /// The header of its answer that holds the id of the tenant.
    public var tenantHeader: String?
    /// What the service permits.
    public var permits: String?

    static let schema = Schema.object(
        [
            "url": .url(
                """
                The URL that is asked for each request without a credential of a tenant, such as \
                http://oauth2-proxy.auth.svc:4180/oauth2/auth. It gets the headers of the request. A status of 2xx \
                accepts the caller; 401 and 403 refuse it.
                """),
            "tenantHeader": .text(
                "The header of its answer that holds the id of the tenant. Defaults to X-Auth-Request-Tenant.",
                max: 128, pattern: "^[A-Za-z0-9-]+$"),
            "permits": .choice("What the service permits. Defaults to Read.", ClientCertificates.permissions),
        ], required: ["url"],
        description: "A service that decides who a caller is, such as oauth2-proxy, which brings OpenID Connect.")
}

/// What a caller may do.
public enum GatewayPermission: String, Sendable {
    case write = "Write"
    case read = "Read"
    case readAndWrite = "ReadAndWrite"

    /// Whether it permits writes.
    public var allowsWrites: Bool { self != .read }
    /// Whether it permits reads.
    public var allowsReads: Bool { self != .write }
}

extension ClientCertificates {
    /// Whether a URI tells the tenant.
    public var namesURIs: Bool { tenantFrom == "URI" }
    /// What a certificate permits. Defaults to writes.
    public var permission: GatewayPermission { permits.flatMap(GatewayPermission.init) ?? .write }
}

extension AuthenticatingService {
    /// What the service permits. Defaults to reads.
    public var permission: GatewayPermission { permits.flatMap(GatewayPermission.init) ?? .read }
    /// The header of its answer that holds the id of the tenant.
    public var effectiveTenantHeader: String { tenantHeader ?? "X-Auth-Request-Tenant" }
}
