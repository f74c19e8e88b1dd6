import Kube
import PlanningInput
import TributaryAPI

/// Where callers reach the gateway of a view. The paths are the same inside and outside of the cluster.
struct GatewayAccess {
    /// The prefix of all paths: empty, or with a slash before it and none after it.
    let prefix: String
    /// The port of its Service, and the scheme.
    let port: (name: String, number: Int)
    /// The URL of its Service with the prefix.
    let inside: String
    /// The URL of the Ingress or HTTPRoute with the prefix; nil without one.
    let outside: String?

    /// The address of a view's gateway; nil without a gateway.
    init?(_ view: GlobalView) {
        guard let gateway = view.spec.gateway else { return nil }
        port =
            gateway.tls == nil ? ("http", GatewayNames.httpPort) : ("https", GatewayNames.httpsPort)
        let (ingress, route) = (view.spec.ingress, view.spec.httpRoute)
        prefix = WriteIngress.normalized(ingress?.path ?? route?.path)
        let service = "\(GatewayNames.name(of: view.metadata.name)).\(view.metadata.namespace ?? "default").svc"
        inside = "\(port.name)://\(service):\(port.number)\(prefix)"
        if let ingress {
            outside = "\(ingress.tls == nil ? "http" : "https")://\(ingress.host)\(prefix)"
        } else if let route {
            outside = "\(route.https ?? true ? "https" : "http")://\(route.host)\(prefix)"
        } else {
            outside = nil
        }
    }

    /// The path that tenants write to.
    var writePath: String { prefix + GatewayNames.writePath }
    /// The path of the query API for tenants.
    var readPath: String { prefix + GatewayNames.readPath }
}

extension ViewEndpoints {
    /// The same, through the gateway if a view has one.
    func behindGateway(of view: GlobalView) -> ViewEndpoints {
        guard let gateway = GatewayAccess(view) else { return self }
        var result = self
        result.writeURL = writeURL.map { _ in gateway.inside + GatewayNames.writePath }
        (result.writeAuthorities, result.writerCertificate) = (nil, nil)
        result.outsideWriteURL = writeURL.flatMap { _ in gateway.outside.map { $0 + GatewayNames.writePath } }
        // The relay behind the gateway writes to all replicas.
        (result.replicaWriteURLs, result.outsideReplicaWriteURLs) = ([], [])
        result.readURL = queryURL.map { _ in gateway.inside + GatewayNames.readPath }
        result.outsideReadURL = queryURL.flatMap { _ in gateway.outside.map { $0 + GatewayNames.readPath } }
        return result
    }
}
