import Kube
import TributaryAPI

/// Where a global view is read and written, and how it tells tenants apart: what tenants and agents need to know of it.
struct ViewEndpoints {
    /// The label with the tenant's id on each series.
    var tenantLabel: String
    /// The query API behind the read proxies; nil if the view has none.
    var queryURL: String?
    /// The authorities with which the certificate of ``queryURL`` is checked; nil for those of the image.
    var queryAuthorities: SecretOrConfigMap?
    /// The authorities with which the certificate of ``writeURL`` is checked; nil for those of the image.
    var writeAuthorities: SecretOrConfigMap?
    /// The Secret with the certificate, in `tls.crt` and `tls.key`, that ``writeURL`` asks for; nil if it asks for none.
    var writerCertificate: String?
    /// The user name and the password that ``queryURL`` and ``writeURL`` ask for; nil if they ask for none.
    var login: ServerLogin?
    /// The remote-write URL of agents in the view's cluster; nil if the view has none.
    var writeURL: String?
    /// The remote-write URL of agents in other clusters; nil if the view cannot be reached from there.
    var outsideWriteURL: String?
    /// The remote-write URLs of further replicas: agents in the view's cluster write to ``writeURL`` and to each of them.
    var replicaWriteURLs: [String] = []
    /// The same for agents in other clusters, beside ``outsideWriteURL``.
    var outsideReplicaWriteURLs: [String] = []
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
    /// The query API that finds the series of all tenants, if ``queryURL`` finds only those of the tenant that
    /// ``tenantHeader`` names; nil for ``queryURL``.
    var wideQueryURL: String?
    /// Whether each query has to name a tenant in ``tenantHeader``, so that none shows all tenants.
    var needsTenant = false
    /// Whether the gateway sends reads straight to ``queryURL``, which tells tenants apart by ``tenantHeader`` itself.
    var isolatesReads = false

    /// The query API behind a tenant's own read proxy. One that wants ``tenantHeader`` on reads is only for proxies that
    /// the gateway alone reaches, and for tenants that see their own series alone.
    func queryURL(of tenant: Tenant) -> String? {
        let isWide = tenant.spec.read?.alsoSees?.isEmpty == false || tenant.spec.read?.allowFrom != nil
        return isWide ? wideQueryURL ?? queryURL : queryURL
    }

    /// The URLs of further replicas for a tenant's status; nil if there are none.
    var shownReplicaWriteURLs: [String]? {
        let urls = outsideWriteURL == nil ? replicaWriteURLs : outsideReplicaWriteURLs
        return urls.isEmpty ? nil : urls
    }

    /// A URL, unless its host is a Service of the cluster, which nobody outside of it can reach.
    static func outside(_ url: String?) -> String? {
        guard let url, let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return nil }
        let authority = url[colon...].dropFirst(3).prefix { !"/?#".contains($0) }
        let host = authority[(authority.lastIndex(of: "@").map(authority.index(after:)) ?? authority.startIndex)...]
        if host.hasPrefix("[") { return url }
        let labels = host.prefix { $0 != ":" }.lowercased().split(separator: ".")
        return labels.count < 2 || labels.dropFirst().contains("svc") ? nil : url
    }
}
