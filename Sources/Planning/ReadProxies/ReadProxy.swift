import Kube
import PlanningInput

/// A tenant's own prom-label-proxy: a Deployment and a Service through which the tenant reads its series and no others.
///
/// The label's value is fixed by a flag. With a query parameter or a header instead, the client would choose the
/// tenant.
struct ReadProxy {
    var owner: Owner
    /// The name of the tenant label.
    var label: String
    /// The values that may be read: the tenant's id, then those of other tenants whose series it may see.
    var values: [String]
    /// The query API behind the proxy, such as `http://thanos-query.observability.svc:9090`.
    var upstream: String
    /// The authorities with which the certificate of the query API is checked; nil for those of the image.
    var authorities: UpstreamAuthorities?
    /// Whether the query API supports matchers for rules and alerts (Thanos from 0.25, Prometheus from 2.54).
    var filtersRules: Bool
    var image: String
    var replicas: Int
    var resources: JSON

    /// The name of the Deployment and the Service.
    static func name(of tenant: String) -> String { "\(tenant)-read" }
    /// The URL through which a tenant reads.
    static func url(of tenant: String, namespace: String) -> String {
        "http://\(name(of: tenant)).\(namespace).svc:\(queries.number)"
    }

    static let component = "read-proxy"
    /// The port for queries, and for `/healthz`.
    static let queries: LabelProxy.Port = ("http", 8080)
    /// The port for the proxy's own metrics.
    static let metrics: LabelProxy.Port = ("metrics", 8081)

    /// The default resources of a proxy, which holds no state.
    static let defaultResources: JSON = [
        "requests": ["cpu": "10m", "memory": "24Mi"], "limits": ["memory": "128Mi"],
    ]

    var objects: [Object] { [service, deployment] }

    private var name: String { Self.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(Self.component, program: LabelProxy.program) }
    private var selector: [String: String] { owner.selector(Self.component, program: LabelProxy.program) }

    private var service: Object {
        owner.service(name, labels: labels, selector: selector, ports: [Self.queries, Self.metrics])
    }

    private var deployment: Object {
        let proxy = LabelProxy(
            image: image, label: label, readers: .fixed(values), upstream: upstream, authorities: authorities,
            filtersRules: filtersRules,
            resources: resources, queries: Self.queries, metrics: Self.metrics)
        return owner.deployment(
            name, labels: labels, selector: selector, replicas: replicas,
            pod: [
                "automountServiceAccountToken": false, "securityContext": PodSecurity.pod(),
                "containers": [proxy.container], "volumes": authorities.map { [$0.volume] } ?? .null,
            ])
    }
}
