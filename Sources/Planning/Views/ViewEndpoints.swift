import Kube

/// Where a global view is read and written, and how it tells tenants apart: what tenants and agents need to know of it.
struct ViewEndpoints {
    /// The label with the tenant's id on each series.
    var tenantLabel: String
    /// The query API behind the read proxies; nil if the view has none.
    var queryURL: String?
    /// The remote-write URL of agents in the view's cluster; nil if the view has none.
    var writeURL: String?
    /// The remote-write URL of agents in other clusters; nil if the view cannot be reached from there.
    var outsideWriteURL: String?
    /// The base of the query API of all tenants in the view's cluster; nil without a gateway, where each tenant has a
    /// read proxy of its own.
    var readURL: String?
    /// The same from outside of the cluster; nil if the view cannot be reached from there.
    var outsideReadURL: String?
    /// The header with the tenant's id on each write; nil if the label alone tells tenants apart.
    var tenantHeader: String?
    /// Whether the query API accepts matchers for rules and alerts.
    var filtersRules: Bool
    /// Grafana's name for the query API: `Prometheus`, `Thanos` or `Mimir`.
    var flavour: String

    /// A URL, unless its host is a Service of the cluster, which nobody outside of it can reach.
    static func outside(_ url: String?) -> String? {
        guard let url, let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        let authority = url[colon...].dropFirst(3).prefix { !"/?#".contains($0) }
        let host = authority[(authority.lastIndex(of: "@").map(authority.index(after:)) ?? authority.startIndex)...]
        if host.hasPrefix("[") { return url }
        let name = host.prefix { $0 != ":" }.lowercased()
        return name.hasSuffix(".svc") || name.contains(".svc.") || !name.contains(".") ? nil : url
    }
}
