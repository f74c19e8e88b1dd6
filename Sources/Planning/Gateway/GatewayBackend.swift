import Kube
import PlanningInput
import TributaryAPI

/// A backend that a gateway can stand before.
protocol GatewayBackend: ViewBackend {
    /// Where the gateway forwards writes and reads to.
    var routes: GatewayRoutes { get }

    /// Where writes of one tenant go; nil for those of ``routes``.
    func writeURL(of tenant: Tenant) -> String?
}

extension GatewayBackend {
    func writeURL(of tenant: Tenant) -> String? { nil }

    /// Where reads of one tenant go; nil for those of ``routes``.
    func readURL(of tenant: Tenant) -> String? {
        guard routes.readURL == nil, direct.queryURL != nil else { return nil }
        let (name, key) = (GatewayNames.readProxy(ofTenant: tenant.metadata.name), tenant.metadata.key)
        return "http://\(name).\(key.namespace).svc:\(GatewayNames.readProxyPort)"
    }
}
