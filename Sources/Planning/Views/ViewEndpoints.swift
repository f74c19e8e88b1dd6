import Kube

/// Where a global view is read and written, and how it tells tenants apart: what tenants and agents need to know of it.
struct ViewEndpoints {
    /// The label with the tenant's id on each series.
    var tenantLabel: String
    /// The query API behind the read proxies; nil if the view has none.
    var queryURL: String?
    /// The remote-write URL of agents; nil if the view has none.
    var writeURL: String?
    /// The header with the tenant's id on each write; nil if the label alone tells tenants apart.
    var tenantHeader: String?
    /// Whether the query API accepts matchers for rules and alerts.
    var filtersRules: Bool
    /// Grafana's name for the query API: `Prometheus`, `Thanos` or `Mimir`.
    var flavour: String
}
