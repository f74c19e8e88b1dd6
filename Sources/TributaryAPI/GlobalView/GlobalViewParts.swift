import Kube

/// What somebody else runs: Mimir, Cortex, VictoriaMetrics, a hosted service.
public struct ExternalSpec: Sendable, Hashable, Codable {
    public var writeURL: String
    public var queryURL: String?
    public var tenantHeader: String?

    static let schema = Schema.object(
        [
            "writeURL": .url("Where agents remote-write, such as https://mimir.example.org/api/v1/push."),
            "queryURL": .url(
                """
                Where series are read, such as https://mimir.example.org/prometheus. Absent: tenants get no read proxy \
                and no datasource.
                """),
            "tenantHeader": .text(
                """
                The header by which the service tells tenants apart, such as X-Scope-OrgID. Absent: only the tenant \
                label does.
                """, max: 128, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"),
        ], required: ["writeURL"], description: "A service that somebody else runs: Mimir, Cortex, a hosted one.")
}

/// How agents outside of the cluster reach the view.
public struct IngressSpec: Sendable, Hashable, Codable {
    public var host: String
    public var path: String?
    public var className: String?
    public var tls: IngressTLS?

    static let schema = Schema.object(
        [
            "host": .objectName("The host name, such as metrics.example.org."),
            "path": .text(
                """
                A prefix before the write path, such as /prometheus; taken away before the request goes on, by \
                ingress-nginx's rewrite annotation. Defaults to /, no prefix.
                """, max: 512, pattern: "^/[A-Za-z0-9._~/-]*$"),
            "className": .objectName("The IngressClass. Defaults to the cluster's own default."),
            "tls": IngressTLS.schema,
        ], required: ["host"],
        description: """
            Lets agents outside of the cluster write through an Ingress; it lets nothing but the write path through. \
            Takes effect with prometheus. Defaults to none.
            """)
}

/// The certificate of an Ingress.
public struct IngressTLS: Sendable, Hashable, Codable {
    public var secretName: String

    static let schema = Schema.object(
        ["secretName": .objectName("The Secret of type kubernetes.io/tls with the certificate.")],
        required: ["secretName"], description: "Serves HTTPS. Defaults to none: plain HTTP.")
}

/// What the read proxies of a view's tenants have in common.
public struct ReadProxySpec: Sendable, Hashable, Codable {
    public var version: String?
    public var image: String?
    public var replicas: Int?
    public var resources: ResourceRequirements?

    static let schema = Schema.object(
        [
            "version": .version("The version of prom-label-proxy. Defaults to v0.14.0."),
            "image": .image(
                "Its image. Defaults to quay.io/prometheuscommunity/prom-label-proxy with the version as its tag."),
            "replicas": .count(
                "How many pods each tenant's proxy has, unless the Tenant says. Defaults to 1.", to: 100),
            "resources": ResourceRequirements.schema(
                "What the pods ask for. Defaults to requests of 10m CPU and 24Mi memory, and a limit of 128Mi memory."),
        ],
        description:
            "What the tenants' read proxies have in common: one prom-label-proxy each, with a fixed label value.")
}

/// What the Grafana datasources of a view's tenants have in common.
public struct GrafanaDefaults: Sendable, Hashable, Codable {
    public var datasourceLabels: [String: String]?

    static let schema = Schema.object(
        [
            "datasourceLabels": .strings(
                """
                The labels by which Grafana's side-car finds the ConfigMaps with datasources. Defaults to \
                grafana_datasource: "1", as in Grafana's Helm chart.
                """, max: 16, length: 63)
        ], description: "What the tenants' Grafana datasources have in common.")
}
