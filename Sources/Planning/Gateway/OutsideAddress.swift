import PlanningInput
import TributaryAPI

/// Where callers outside of the cluster reach a view's gateway.
struct OutsideAddress {
    /// The address without the paths of tenants, such as `https://metrics.example.org/prefix`.
    var base: String

    /// The address of the Ingress or of the HTTPRoute; nil for a view without a gateway or with neither.
    init?(_ view: GlobalView) {
        guard view.spec.gateway != nil else { return nil }
        if let ingress = view.spec.ingress {
            let scheme = ingress.tls == nil ? "http" : "https"
            base = "\(scheme)://\(ingress.host)\(WriteIngress.normalized(ingress.path))"
        } else if let route = view.spec.httpRoute {
            let scheme = route.https ?? true ? "https" : "http"
            base = "\(scheme)://\(route.host)\(WriteIngress.normalized(route.path))"
        } else {
            return nil
        }
    }

    /// Where agents write.
    var writeURL: String { base + GatewayNames.writePath }
    /// The base of the query API.
    var readURL: String { base + GatewayNames.readPath }
}
