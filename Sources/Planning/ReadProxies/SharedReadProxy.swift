import Kube
import PlanningInput
import TributaryAPI

/// The read proxy of all tenants of a view: Deployment, Service, PodDisruptionBudget. The gateway tells it by a header
/// whose series to show.
///
/// Its component is another one than that of tenants' own proxies, so that no Service of a tenant leads to it: whoever
/// reaches it without the gateway in between can name any tenant.
struct SharedReadProxy {
    static let component = "shared-read-proxy"
    /// The port for the reads of tenants that see their own series alone, and for `/healthz`.
    static let queries: LabelProxy.Port = ("http", 8080)
    static let metrics: LabelProxy.Port = ("metrics", 8081)
    /// The port for the reads of tenants that also see the series of others.
    static let wideQueries: LabelProxy.Port = ("wide", 8082)
    static let wideMetrics: LabelProxy.Port = ("wide-metrics", 8083)

    /// The default resources of each of its containers.
    private static let defaultResources: JSON = [
        "requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "512Mi"],
    ]
    private static let defaultReplicas = 2

    private let view: GlobalView
    let owner: Owner
    private let endpoints: ViewEndpoints
    private let queryURL: String

    /// The proxy of a view; nil if the view has none, since tenants have their own or need none.
    init?(_ view: GlobalView, _ endpoints: ViewEndpoints) {
        guard view.sharesReadProxy, !endpoints.isolatesReads, let queryURL = endpoints.queryURL else { return nil }
        self.view = view
        self.endpoints = endpoints
        self.queryURL = queryURL
        owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
    }

    /// The name of its objects.
    var name: String { GatewayNames.readProxy(of: view.metadata.name) }
    /// The URL through which the gateway reads for tenants that see their own series alone.
    var url: String { url(Self.queries) }
    /// The URL through which the gateway reads for tenants that also see the series of others; nil for ``url``.
    var wideURL: String? { endpoints.wideQueryURL.map { _ in url(Self.wideQueries) } }
    /// Its Deployment.
    var workload: WorkloadKey { WorkloadKey(.deployments, ObjectKey(namespace: owner.namespace, name: name)) }

    var objects: [Object] {
        [service, deployment, owner.disruptionBudget(name, labels: labels, selector: selector)]
    }

    private var labels: [String: String] { owner.labels(Self.component, program: LabelProxy.program) }
    private var selector: [String: String] { owner.selector(Self.component, program: LabelProxy.program) }

    private func url(_ port: LabelProxy.Port) -> String { "http://\(name).\(owner.namespace).svc:\(port.number)" }

    private var proxies: [LabelProxy] {
        let own = proxy(LabelProxy.program, queryURL, Self.queries, Self.metrics)
        let wide = endpoints.wideQueryURL.map { proxy("wide", $0, Self.wideQueries, Self.wideMetrics) }
        return [own, wide].compactMap(\.self)
    }

    private func proxy(
        _ name: String, _ upstream: String, _ queries: LabelProxy.Port, _ metrics: LabelProxy.Port
    ) -> LabelProxy {
        LabelProxy(
            name: name, image: view.readProxyImage, label: endpoints.tenantLabel,
            readers: .header(GatewayNames.readHeader), upstream: upstream, authorities: authorities,
            filtersRules: endpoints.filtersRules,
            resources: view.spec.readProxy?.resources?.json ?? Self.defaultResources, queries: queries,
            metrics: metrics)
    }

    private var authorities: UpstreamAuthorities? {
        endpoints.queryAuthorities.map { UpstreamAuthorities(source: $0) }
    }

    private var service: Object {
        owner.service(
            name, labels: labels, selector: selector, ports: proxies.flatMap { [$0.queries, $0.metrics] })
    }

    private var deployment: Object {
        let spread: JSON = [
            "maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": ["matchLabels": JSON(selector)],
        ]
        return owner.deployment(
            name, labels: labels, selector: selector,
            replicas: view.spec.readProxy?.replicas ?? Self.defaultReplicas,
            pod: [
                "automountServiceAccountToken": false, "securityContext": PodSecurity.pod(),
                "topologySpreadConstraints": [spread], "containers": .array(proxies.map(\.container)),
                "volumes": authorities.map { [$0.volume] } ?? .null,
            ])
    }
}
