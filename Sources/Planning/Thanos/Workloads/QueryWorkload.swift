import Kube
import PlanningInput
import TributaryAPI

/// Thanos Query in front of a global view's receivers: Deployment, Service, PodDisruptionBudget. One serves operators; another, which
/// enforces the tenant, serves tenants behind a gateway.
struct QueryWorkload {
    var owner: Owner
    var release: ThanosRelease
    var replicas: Int
    var spec: ThanosQuerySpec?
    /// The values of `--endpoint`.
    var endpoints: [String]
    /// TLS between the parts; nil for plain connections.
    var tls: ThanosTLS?
    /// How it tells the tenant that it finds series of; nil if it finds those of all tenants.
    var tenancy: ThanosTenancy?

    /// The name of its objects.
    var name: String { Self.name(of: owner.metadata.name, tenancy) }
    private var component: String {
        tenancy == nil ? ThanosNames.queryComponent : ThanosNames.tenantQueryComponent
    }
    private var labels: [String: String] { owner.labels(component, program: ThanosNames.queryProgram) }
    private var selector: [String: String] { owner.selector(component, program: ThanosNames.queryProgram) }

    private static func name(of view: String, _ tenancy: ThanosTenancy?) -> String {
        tenancy == nil ? ThanosNames.query(of: view) : ThanosNames.tenantQuery(of: view)
    }

    /// The URL at which the series of all tenants are queried or, with a tenancy, those of one.
    static func url(of view: ThanosView, _ tenancy: ThanosTenancy? = nil) -> String {
        "\(view.tls == nil ? "http" : "https")://\(name(of: view.name, tenancy)).\(view.namespace).svc:\(ThanosNames.queryPort)"
    }

    /// The endpoint for the receivers behind a headless Service whose port is called `grpc`.
    static func endpoint(serviceHost: String) -> String { "dnssrv+_grpc._tcp.\(serviceHost)" }

    var objects: [Object] {
        [service, deployment, owner.disruptionBudget(name, labels: labels, selector: selector)]
    }

    private var service: Object {
        owner.service(
            name, labels: labels, selector: selector,
            ports: [("http", ThanosNames.queryPort), ("grpc", ThanosNames.grpcPort)])
    }

    private var deployment: Object {
        var arguments = [
            "--grpc-address=0.0.0.0:\(ThanosNames.grpcPort)",
            "--http-address=0.0.0.0:\(ThanosNames.httpPort)",
            // The first label differs between the copies of a sample in several receivers, the second between the
            // replicas of an agent. Queries deduplicate both.
            "--query.replica-label=replica", "--query.replica-label=__replica__",
        ]
        if let tls { arguments += tls.grpcServer + tls.grpcClient + ThanosTLS.httpServer }
        let pod = ThanosPod(
            container: "query", release: release, component: .query,
            serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments + (tenancy?.queryArguments ?? []) + endpoints.map { "--endpoint=\($0)" },
            ports: [("grpc", ThanosNames.grpcPort), ("http", ThanosNames.httpPort)],
            resources: spec?.resources?.json ?? ["requests": ["cpu": "100m", "memory": "256Mi"]], placement: spec,
            selector: selector, gracePeriod: 120, tls: tls, httpsOf: tls.map { _ in owner.metadata.name })
        return pod.deployment(name, of: owner, labels: labels, replicas: replicas)
    }
}
