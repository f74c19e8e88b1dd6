import Kube
import PlanningInput
import TributaryAPI

/// The routers that agents write to: Deployment, Service, PodDisruptionBudget.
struct RouterWorkload {
    var owner: Owner
    var release: ThanosRelease
    var spec: RouterSpec?
    var arguments: ReceiveArguments
    var hashringConfigMap: String
    var limitsConfigMap: String?

    private var name: String { ThanosNames.router(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(ThanosNames.routerComponent, program: ThanosNames.receiveProgram)
    }
    private var selector: [String: String] {
        owner.selector(ThanosNames.routerComponent, program: ThanosNames.receiveProgram)
    }

    /// The URL at which agents write to a global view's routers.
    static func writeURL(of view: String, namespace: String, isTLS: Bool = false) -> String {
        "\(isTLS ? "https" : "http")://\(ThanosNames.router(of: view)).\(namespace).svc:\(ThanosNames.writePort)/api/v1/receive"
    }

    var objects: [Object] { [service, deployment, disruptionBudget] }

    private var service: Object {
        owner.service(
            name, labels: labels, selector: selector,
            ports: [("remote-write", ThanosNames.writePort), ("http", ThanosNames.httpPort)])
    }

    private var disruptionBudget: Object {
        owner.disruptionBudget(name, labels: labels, selector: selector)
    }

    private var deployment: Object {
        var files = [
            ThanosPod.Volume(
                name: "data", path: ReceiveArguments.dataPath, source: ["emptyDir": [:]], isReadOnly: false)
        ]
        files += ThanosPod.configuration(hashrings: hashringConfigMap, limits: limitsConfigMap)
        let pod = ThanosPod(
            container: "router", release: release, component: .receive,
            serviceAccount: ThanosNames.account(of: owner.metadata.name),
            arguments: arguments.router,
            ports: [
                ("grpc", ThanosNames.grpcPort), ("http", ThanosNames.httpPort),
                ("remote-write", ThanosNames.writePort),
            ],
            resources: spec?.resources?.json ?? ["requests": ["cpu": "100m", "memory": "128Mi"]], placement: spec,
            selector: selector, gracePeriod: 60, files: files, tls: arguments.tls)
        return pod.deployment(name, of: owner, labels: labels, replicas: spec?.replicas ?? 2)
    }
}
