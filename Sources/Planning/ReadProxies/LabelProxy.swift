import Kube

/// One prom-label-proxy: a container that forces the tenant label on every query.
struct LabelProxy {
    /// Whose series the proxy shows.
    enum Readers {
        /// Those of these tenants, by flags: the client has no say.
        case fixed([String])
        /// Those of the tenants that a header lists, separated by commas. A request without the header is refused, but
        /// whoever can set it can read as any tenant: only the gateway may reach such a proxy.
        case header(String)
    }

    /// A port of the container.
    typealias Port = (name: String, number: Int)

    static let program = "prom-label-proxy"

    /// The container's name.
    var name = Self.program
    var image: String
    /// The name of the tenant label.
    var label: String
    var readers: Readers
    /// The query API behind the proxy, such as `http://thanos-query.observability.svc:9090`.
    var upstream: String
    /// The authorities with which the certificate of the query API is checked; nil for those of the image.
    var authorities: UpstreamAuthorities?
    /// Whether the query API supports matchers for rules and alerts (Thanos from 0.25, Prometheus from 2.54).
    var filtersRules: Bool
    var resources: JSON
    /// The port for queries, and for `/healthz`.
    var queries: Port
    /// The port for the proxy's own metrics.
    var metrics: Port

    /// The proxy's arguments. Every listen address is set, since an absent one means a random port.
    var arguments: [String] {
        var arguments = [
            "-insecure-listen-address=0.0.0.0:\(queries.number)",
            "-internal-listen-address=0.0.0.0:\(metrics.number)",
            "-upstream=\(upstream)",
            "-label=\(label)",
        ]
        if let authorities { arguments.append("-upstream-ca-cert=\(authorities.path)") }
        switch readers {
        case .fixed(let values): arguments += values.map { "-label-value=\($0)" }
        case .header(let name): arguments += ["-header-name=\(name)", "-header-uses-list-syntax=true"]
        }
        arguments.append("-enable-label-apis=true")
        if filtersRules { arguments.append("-enable-label-matchers-for-rules-api=true") }
        return arguments
    }

    var container: JSON {
        let probe: JSON = ["httpGet": ["path": "/healthz", "port": JSON(queries.name)]]
        return [
            "name": JSON(name),
            "image": JSON(image),
            "args": JSON(arguments),
            "ports": .array(
                [queries, metrics].map {
                    ["name": JSON($0.name), "containerPort": JSON($0.number), "protocol": "TCP"]
                }),
            "readinessProbe": probe,
            "livenessProbe": probe,
            "resources": resources,
            "securityContext": PodSecurity.container,
            "volumeMounts": authorities.map { [$0.mount] } ?? .null,
        ]
    }
}
