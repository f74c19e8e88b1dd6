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
    /// Whether the query API supports matchers for rules and alerts (Thanos from 0.25, Prometheus from 2.54).
    var filtersRules: Bool
    var image: String
    var replicas: Int
    var resources: JSON

    /// The name of the Deployment and the Service.
    static func name(of tenant: String) -> String { GatewayNames.readProxy(ofTenant: tenant) }
    /// The port for queries, and for `/healthz`.
    static let port = GatewayNames.readProxyPort
    /// The port for the proxy's own metrics.
    static let metricsPort = 8081

    static let component = "read-proxy"
    static let program = "prom-label-proxy"

    /// The default resources of a proxy, which holds no state.
    static let defaultResources: JSON = [
        "requests": ["cpu": "10m", "memory": "24Mi"], "limits": ["memory": "128Mi"],
    ]

    var objects: [Object] { [service, deployment] }

    /// Allows only some namespaces to reach the query port. Anyone may scrape the proxy's own metrics.
    func networkPolicy(allowFrom namespaces: [String]) -> Object {
        let peers = namespaces.map { name -> JSON in
            ["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": JSON(name)]]]
        }
        let metrics: JSON = ["ports": [["port": "metrics", "protocol": "TCP"]]]
        // A rule with an empty list of peers would allow everyone.
        let queries: [JSON] =
            peers.isEmpty ? [] : [["from": .array(peers), "ports": [["port": "http", "protocol": "TCP"]]]]
        return owner.object(
            .networkPolicies, name, labels: labels,
            [
                "spec": [
                    "podSelector": ["matchLabels": JSON(selector)], "policyTypes": ["Ingress"],
                    "ingress": .array(queries + [metrics]),
                ]
            ])
    }

    /// The proxy's arguments. Every listen address is set, since an absent one means a random port.
    var arguments: [String] {
        var arguments = [
            "-insecure-listen-address=0.0.0.0:\(Self.port)",
            "-internal-listen-address=0.0.0.0:\(Self.metricsPort)",
            "-upstream=\(upstream)",
            "-label=\(label)",
        ]
        arguments += values.map { "-label-value=\($0)" }
        arguments.append("-enable-label-apis=true")
        if filtersRules { arguments.append("-enable-label-matchers-for-rules-api=true") }
        return arguments
    }

    private var name: String { Self.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(Self.component, program: Self.program) }
    private var selector: [String: String] { owner.selector(Self.component, program: Self.program) }

    private var service: Object {
        owner.service(
            name, labels: labels, selector: selector, ports: [("http", Self.port), ("metrics", Self.metricsPort)])
    }

    private var deployment: Object {
        let probe: JSON = ["httpGet": ["path": "/healthz", "port": "http"]]
        let container: JSON = [
            "name": JSON(Self.program),
            "image": JSON(image),
            "args": JSON(arguments),
            "ports": [
                ["name": "http", "containerPort": JSON(Self.port), "protocol": "TCP"],
                ["name": "metrics", "containerPort": JSON(Self.metricsPort), "protocol": "TCP"],
            ],
            "readinessProbe": probe,
            "livenessProbe": probe,
            "resources": resources,
            "securityContext": PodSecurity.container,
        ]
        return owner.deployment(
            name, labels: labels, selector: selector, replicas: replicas,
            pod: [
                "automountServiceAccountToken": false, "securityContext": PodSecurity.pod(),
                "containers": [container],
            ])
    }
}
