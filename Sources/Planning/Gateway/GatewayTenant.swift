import TributaryAPI

/// What the gateway has to know of one tenant.
struct GatewayTenant: Hashable {
    /// The id that the tenant header and the tenant label hold.
    var id: String
    /// The user name of basic authentication: the name of the Tenant.
    var user: String
    /// The tokens that are accepted for writing.
    var writeTokens: [String]
    /// The tokens that are accepted for reading.
    var readTokens: [String]
    /// The URIs of client certificates that prove the tenant's identity.
    var certificateURIs: [String] = []
    /// The limits of the tenant, with the view's in place of those that it does not set.
    var limits = GatewayLimits()
    /// Whether writes are refused with status 403, since the tenant is being offboarded.
    var refusesWrites = false
    /// The ids of other tenants whose series the tenant can read as well.
    var alsoSees: [String] = []
    /// Where reads of the tenant go; nil for ``GatewayRoutes/readURL``.
    var readURL: String?
}

/// Where the gateway forwards requests to, and how it tells the servers there whose they are.
struct GatewayRoutes: Hashable {
    /// Where writes go, such as `http://main-receive.observability.svc:19291/api/v1/receive`; nil if the view takes none.
    var writeURL: String?
    /// The base of the query API for tenants, such as that of the shared read proxy; nil if the view has none.
    var readURL: String?
    /// The base of the query API for tenants that also see the series of others; nil for ``readURL``.
    var wideReadURL: String?
    /// The header with the tenant's id that the servers behind the gateway read, on writes and on reads; nil for none.
    var tenantHeader: String?
    /// The header that tells the shared read proxy which tenants' series to show, as a list separated by commas; nil
    /// without a shared proxy.
    var readHeader: String?
    /// Whether the query API isolates tenants by ``tenantHeader`` itself, so that its whole read API may pass.
    var isolatesReads = false
    /// Whether `/federate` of the query API passes.
    var servesFederate = false
}
