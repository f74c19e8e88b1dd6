/// How the Thanos components of a view tell tenants apart. The arguments of receivers, routers and queriers, the label that
/// read proxies enforce and the header that the gateway sets are all made from this value, so that they agree.
struct ThanosTenancy: Hashable {
    /// The header with the tenant's id, on writes and on reads.
    let header = "THANOS-TENANT"
    /// The label of each series with the tenant's id.
    var label: String

    /// The arguments of receivers and routers: they store what they get as the series of the tenant in the header.
    var receiveArguments: [String] { ["--receive.tenant-header=\(header)", "--receive.tenant-label-name=\(label)"] }

    /// The arguments of a querier that finds only the series of the tenant in the header.
    var queryArguments: [String] {
        [
            "--query.enforce-tenancy", "--query.tenant-header=\(header)", "--query.tenant-label-name=\(label)",
            // Without the header Thanos takes the default tenant. No id may contain a slash, so such a query is refused.
            "--query.default-tenant-id=no/tenant",
        ]
    }
}
