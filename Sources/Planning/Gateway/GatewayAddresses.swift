import TributaryAPI

/// The addresses that a gateway forwards to.
struct GatewayAddresses {
    /// Where writes go; nil if the view takes none.
    let write: GatewayAddress?
    /// Where reads go.
    let read: GatewayAddress?
    /// Where reads of tenants go that see the series of others.
    let wideRead: GatewayAddress?
    /// The service that is asked who a caller is.
    let service: GatewayAddress?
    /// Where reads of single tenants go, by the tenant's id.
    private var ofTenants: [String: GatewayAddress] = [:]

    init(_ configuration: GatewayConfiguration, _ problems: inout [GatewayProblem]) {
        func address(
            _ text: String?, _ name: String, tenants: [String] = [], allowsQuery: Bool = false
        ) -> GatewayAddress? {
            guard let text else { return nil }
            if let address = GatewayAddress(text, allowsQuery: allowsQuery) { return address }
            problems.append(
                GatewayProblem(
                    tenants: tenants, reason: "InvalidURL",
                    message: "the URL for \(name) cannot be used by the gateway; it should be http:// or https:// "
                        + "with a host, without a user, and with letters, digits and -._~%+:@ in its path"))
            return nil
        }
        write = address(configuration.routes.writeURL, "writes", allowsQuery: true)
        read = address(configuration.routes.readURL, "reads")
        wideRead = address(configuration.routes.wideReadURL, "reads of several tenants") ?? read
        service = address(configuration.service?.url, "the authenticating service", allowsQuery: true)
        for tenant in configuration.tenants where tenant.readURL != nil {
            ofTenants[tenant.id] = address(tenant.readURL, "reads", tenants: [tenant.id])
        }
    }

    /// Where reads of a tenant go. A tenant whose own URL is invalid does not fall back to the view's.
    func read(of tenant: GatewayTenant) -> GatewayAddress? {
        if tenant.readURL != nil { return ofTenants[tenant.id] }
        return tenant.alsoSees.isEmpty ? read : wideRead
    }

    /// All addresses with different groups of servers, by the names of the groups.
    var all: [GatewayAddress] {
        var found: [String: GatewayAddress] = [:]
        let single: [GatewayAddress?] = [write, read, wideRead, service] + ofTenants.values.map(Optional.some)
        for address in single.compactMap({ $0 }) { found[address.upstream] = address }
        return found.values.sorted { $0.upstream < $1.upstream }
    }

    /// The file that tells the script which hosts to resolve: a line for each group of servers, with its name, host and
    /// port.
    var list: String { all.map { "\($0.upstream) \($0.host) \($0.port)\n" }.joined() }
}
