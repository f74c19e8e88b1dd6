import Kube
import PlanningInput
import TributaryAPI

/// Thanos Query in front of a global view's receivers: Deployment and Service.
struct QueryWorkload {
    var owner: Owner
    var image: String
    var replicas: Int
    var resources: JSON?
    /// The values of `--endpoint`.
    var endpoints: [String]

    private var name: String { ThanosNames.query(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(ThanosNames.queryComponent, program: ThanosNames.queryProgram)
    }
    private var selector: [String: String] {
        owner.selector(ThanosNames.queryComponent, program: ThanosNames.queryProgram)
    }

    /// The URL at which a global view's series are queried.
    static func url(of view: String, namespace: String) -> String {
        "http://\(ThanosNames.query(of: view)).\(namespace).svc:\(ThanosNames.queryPort)"
    }

    /// The endpoint for the receivers behind a headless Service whose port is called `grpc`.
    static func endpoint(serviceHost: String) -> String { "dnssrv+_grpc._tcp.\(serviceHost)" }

    var objects: [Object] { [service, deployment] }

    private var service: Object {
        owner.service(
            name, labels: labels, selector: selector,
            ports: [("http", ThanosNames.queryPort), ("grpc", ThanosNames.grpcPort)])
    }

    private var deployment: Object {
        let arguments = [
            "query",
            "--grpc-address=0.0.0.0:\(ThanosNames.grpcPort)",
            "--http-address=0.0.0.0:\(ThanosNames.httpPort)",
            // The first label differs between the copies of a sample in several receivers, the second between the
            // replicas of an agent. Queries deduplicate both.
            "--query.replica-label=replica", "--query.replica-label=__replica__",
        ]
        let pod = ThanosPod(
            container: "query", image: image, serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments + endpoints.map { "--endpoint=\($0)" },
            ports: [("grpc", ThanosNames.grpcPort), ("http", ThanosNames.httpPort)],
            resources: resources ?? ["requests": ["cpu": "100m", "memory": "256Mi"]], selector: selector,
            gracePeriod: 120)
        return owner.deployment(
            name, labels: labels, selector: selector, replicas: replicas, pod: pod.spec)
    }
}
