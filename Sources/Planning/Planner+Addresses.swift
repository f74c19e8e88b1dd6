public import Kube
import PlanningInput
import TributaryAPI

/// An address at which something of a global view should answer.
public struct ViewAddress: Sendable, Hashable {
    /// What answers there, such as `query API`.
    public var role: String
    /// The URL to ask, which needs no credentials for an answer.
    public var url: String

    /// An address.
    public init(role: String, url: String) {
        self.role = role
        self.url = url
    }

    /// The address of a receiver, by that of its pod; nil if that is invalid.
    public init?(receiver address: String) {
        guard let url = PodURL.make(address, port: ThanosNames.httpPort, path: "/-/ready") else { return nil }
        self.init(role: "receiver", url: url)
    }
}

extension Planner {
    /// The addresses of what a global view consists of, and of what it refers to.
    public func addresses(of key: ObjectKey) -> [ViewAddress] {
        guard let view = snapshot.globalViews[key], snapshot.specError(of: view) == nil,
            let backend = ViewBackends.backend(of: view, in: snapshot)
        else { return [] }
        let direct = backend.direct
        var result: [ViewAddress] = []
        func add(_ role: String, _ url: String?) {
            guard let url, !result.contains(where: { $0.url == url }) else { return }
            result.append(ViewAddress(role: role, url: url))
        }
        add("query API", (direct.wideQueryURL ?? direct.queryURL).map { "\($0)/-/ready" })
        add("remote-write receiver", direct.writeURL)
        if let gateway = GatewayAccess(view) {
            add("gateway", gateway.inside + GatewayNames.writePath)
            add("gateway from outside", gateway.outside.map { $0 + GatewayNames.writePath })
        } else {
            add("remote-write receiver from outside", direct.outsideWriteURL)
        }
        add("Grafana", view.spec.grafana?.api.map { "\($0.url)/api/health" })
        return result
    }
}
