import Kube
import PrometheusConfig
import TributaryAPI

/// Where a global view is read and written, and how it tells tenants apart: what tenants and agents need to know of it.
struct ViewEndpoints {
    /// The label that each series carries its tenant in.
    var tenantLabel: String
    /// The query API that read proxies forward to; nil where the global view names none.
    var queryURL: String?
    /// Where agents write; nil where the global view names no place.
    var writeURL: String?
    /// The header by which writes are told apart; nil where the label does it.
    var tenantHeader: String?
    /// Whether the query API takes matchers for rules and alerts.
    var filtersRules: Bool
    /// What Grafana calls the query API.
    var flavour: String
    /// The Ingress for writing, where there is one.
    var ingress: WriteIngress?

    /// The header by which Thanos Receive tells tenants apart.
    static let thanosTenantHeader = "THANOS-TENANT"

    init(_ view: GlobalView) {
        let owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        tenantLabel = view.tenantLabel
        if let thanos = view.spec.thanos {
            let name = view.metadata.name
            let query = QueryWorkload.url(of: name, namespace: owner.namespace)
            queryURL = thanos.query?.url ?? (thanos.queryReplicas > 0 ? query : nil)
            let router = RouterWorkload.writeURL(of: name, namespace: owner.namespace)
            writeURL = thanos.writeURL ?? (thanos.hasRouter ? router : nil)
            tenantHeader = Self.thanosTenantHeader
            filtersRules = true
            flavour = "Thanos"
        } else if view.spec.prometheus != nil {
            let name = CentralPrometheus.name(of: view.metadata.name)
            let base = "http://\(name).\(owner.namespace).svc:\(PrometheusPod.port)"
            queryURL = base
            writeURL = "\(base)/api/v1/write"
            filtersRules = view.prometheusVersion >= PrometheusVersion(2, 54)
            flavour = "Prometheus"
            if let spec = view.spec.ingress {
                ingress = WriteIngress(
                    owner: owner, host: spec.host, prefix: WriteIngress.normalized(spec.path),
                    writePath: "/api/v1/write", className: spec.className, tlsSecretName: spec.tls?.secretName,
                    service: name, port: ["name": "web"])
                writeURL = ingress?.url
            }
        } else {
            queryURL = view.spec.external?.queryURL
            writeURL = view.spec.external?.writeURL
            tenantHeader = view.spec.external?.tenantHeader
            filtersRules = false
            flavour = "Mimir"
        }
    }
}
