import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The Query Frontend in front of a Thanos Query: Deployment, Service, PodDisruptionBudget. As with Thanos Query, one serves
/// operators; another serves tenants behind a gateway.
struct FrontendWorkload {
    var owner: Owner
    var release: ThanosRelease
    var spec: ThanosQueryFrontendSpec
    /// The Thanos Query behind it.
    var queryURL: String
    /// How the Thanos Query behind it tells tenants apart; nil if it finds the series of all.
    var tenancy: ThanosTenancy?
    /// TLS between the parts; nil for plain connections.
    var tls: ThanosTLS?

    static func name(of view: String, _ tenancy: ThanosTenancy?) -> String {
        tenancy == nil ? ThanosNames.frontend(of: view) : ThanosNames.tenantFrontend(of: view)
    }

    /// The URL at which a view's Query Frontend answers.
    static func url(of view: ThanosView, _ tenancy: ThanosTenancy? = nil) -> String {
        "\(view.tls == nil ? "http" : "https")://\(name(of: view.name, tenancy)).\(view.namespace).svc:\(ThanosNames.queryPort)"
    }

    var name: String { Self.name(of: owner.metadata.name, tenancy) }
    private var component: String {
        tenancy == nil ? ThanosNames.frontendComponent : ThanosNames.tenantFrontendComponent
    }
    private var labels: [String: String] { owner.labels(component, program: ThanosNames.frontendProgram) }
    private var selector: [String: String] { owner.selector(component, program: ThanosNames.frontendProgram) }

    var objects: [Object] {
        let service = owner.service(
            name, labels: labels, selector: selector, ports: [("http", ThanosNames.queryPort)])
        let pod = ThanosPod(
            container: "query-frontend", release: release, component: .queryFrontend,
            serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments, ports: [("http", ThanosNames.httpPort)],
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]], placement: spec,
            selector: selector, gracePeriod: 120, tls: tls, httpsOf: tls.map { _ in owner.metadata.name },
            environment: tls.map { _ in ThanosTLS.clientEnvironment } ?? [])
        let deployment = pod.deployment(name, of: owner, labels: labels, replicas: spec.replicas ?? 2)
        return [service, deployment, owner.disruptionBudget(name, labels: labels, selector: selector)]
    }

    var arguments: [String] {
        let interval = "\((PrometheusDuration(spec.splitInterval ?? "24h")?.milliseconds ?? 86_400_000) / 1000)s"
        let cache = CacheSpec.responses(tenancy == nil ? spec.cache : spec.tenantCache)
        let retries = spec.maxRetries ?? 5
        return [
            "--http-address=0.0.0.0:\(ThanosNames.httpPort)",
            "--query-frontend.downstream-url=\(queryURL)",
            "--query-range.split-interval=\(interval)", "--labels.split-interval=\(interval)",
            "--query-range.max-retries-per-request=\(retries)", "--labels.max-retries-per-request=\(retries)",
            "--query-range.response-cache-config=\(cache)", "--labels.response-cache-config=\(cache)",
        ] + (tenancy?.frontendArguments ?? []) + (tls.map { _ in ThanosTLS.httpServer } ?? [])
    }
}
