/// How the Thanos components of a view tell tenants apart. The arguments of receivers, routers and queriers, the label that
/// read proxies enforce and the header that the gateway sets are all made from this value, so that they agree.
struct ThanosTenancy: Hashable {
    /// The header with the tenant's id, on writes and on reads.
    let header = "THANOS-TENANT"
    /// The label of each series with the tenant's id.
    var label: String

    /// The arguments of receivers and routers: they store what they get as the series of the tenant in the header.
    var receiveArguments: [String] { ["--receive.tenant-header=\(header)", "--receive.tenant-label-name=\(label)"] }

    /// The arguments of a Query Frontend before such a querier: it passes the header on, and the tenant is part of the key of
    /// what it caches.
    ///
    /// Only read proxies may stand before it. They write the tenant's label into each query, and so into the key: Thanos does
    /// not escape colons, and without the label, the answer for `b:up` of tenant `a` would be that for `up` of tenant `a:b`.
    /// They also never leave the header out: Thanos up to v0.42 then asks for the tenant `default-tenant`, whatever the flag.
    var frontendArguments: [String] {
        ["--query-frontend.tenant-header=\(header)", "--query-frontend.default-tenant-id=\(Self.nobody)"]
    }

    /// Without the header Thanos takes the default tenant. No id may contain a slash, so such a query is refused.
    private static let nobody = "no/tenant"

    /// The arguments of a querier that finds only the series of the tenant in the header.
    var queryArguments: [String] {
        [
            "--query.enforce-tenancy", "--query.tenant-header=\(header)", "--query.tenant-label-name=\(label)",
            "--query.default-tenant-id=\(Self.nobody)",
        ]
    }
}
