import PlanningInput
import TributaryAPI

/// A backend that a gateway can stand before.
protocol GatewayBackend: ViewBackend {
    /// Where the gateway forwards writes and reads to.
    var routes: GatewayRoutes { get }
}

extension GatewayBackend {
    /// Where reads of one tenant go; nil for those of ``routes``.
    func readURL(of tenant: Tenant) -> String? {
        let endpoints = direct
        guard endpoints.queryURL != nil, !endpoints.isolatesReads, !view.sharesReadProxy else { return nil }
        return ReadProxy.url(of: tenant.metadata.name, namespace: tenant.metadata.namespace ?? "default")
    }
}

extension GatewayRoutes {
    /// The routes of a view: writes go to a URL, and reads to the shared read proxy, to the query API if that tells
    /// tenants apart itself, or to the read proxy of each tenant.
    init(_ view: GlobalView, _ endpoints: ViewEndpoints, writeURL: String?) {
        let proxy = SharedReadProxy(view, endpoints)
        self.init(
            writeURL: writeURL, readURL: endpoints.isolatesReads ? endpoints.queryURL : proxy?.url,
            wideReadURL: proxy?.wideURL, tenantHeader: endpoints.tenantHeader,
            readHeader: proxy.map { _ in GatewayNames.readHeader }, isolatesReads: endpoints.isolatesReads)
    }
}
