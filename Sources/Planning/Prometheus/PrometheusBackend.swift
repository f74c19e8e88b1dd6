import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// A central Prometheus behind a global view, with its remote-write receiver enabled.
struct PrometheusBackend: ViewBackend {
    let view: GlobalView
    let spec: PrometheusSpec
    let snapshot: Snapshot
    let owner: Owner

    init?(_ view: GlobalView, in snapshot: Snapshot) {
        guard let spec = view.spec.prometheus else { return nil }
        self.view = view
        self.spec = spec
        self.snapshot = snapshot
        owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
    }

    /// The user name and the password that the central Prometheus asks for; nil if it asks for none.
    var login: ServerLogin? { ServerLogin(view, in: snapshot) }

    var name: String { CentralNames.name(of: view.metadata.name) }

    /// The Services that writes go to: one for each replica.
    private var writeServices: [String] {
        let replicas = view.prometheusReplicas
        guard replicas > 1 else { return [name] }
        return (0..<replicas).map { CentralNames.name(of: view.metadata.name, replica: $0) }
    }

    private func url(of service: String) -> String {
        "\(view.prometheusAuthorities == nil ? "http" : "https")://\(service).\(owner.namespace).svc:\(PrometheusPod.port)"
    }

    /// Where the replicas receive, inside the cluster.
    var receiverURLs: [String] { writeServices.map { "\(url(of: $0))/api/v1/write" } }

    var direct: ViewEndpoints {
        let (inside, outside) = (receiverURLs, ingress?.urls ?? [])
        var endpoints = ViewEndpoints(
            tenantLabel: view.tenantLabel, queryURL: url(of: name), writeURL: inside.first,
            outsideWriteURL: outside.first, filtersRules: view.prometheusVersion >= PrometheusVersion(2, 54),
            flavour: "Prometheus")
        (endpoints.queryAuthorities, endpoints.writeAuthorities) = (
            view.prometheusAuthorities, view.prometheusAuthorities
        )
        endpoints.login = login
        endpoints.replicaWriteURLs = Array(inside.dropFirst())
        endpoints.outsideReplicaWriteURLs = Array(outside.dropFirst())
        return endpoints
    }

    /// The replica that queries go to: the one that has been ready the longest, since its series have the fewest gaps. One
    /// that comes back does not take over.
    var readReplica: Int {
        let ready = snapshot.readySince(PodGroup.centralPrometheus(of: view.metadata.key))
        let replicas = (0..<view.prometheusReplicas).compactMap { replica -> (replica: Int, since: Timestamp)? in
            let pod = CentralNames.name(of: view.metadata.name, replica: replica)
            return ready[ObjectKey(namespace: owner.namespace, name: pod)].map { (replica, $0) }
        }
        return replicas.min { ($0.since, $0.replica) < ($1.since, $1.replica) }?.replica ?? 0
    }

    /// The Ingress to the central Prometheus itself; nil behind a gateway, which has its own.
    private var ingress: WriteIngress? {
        guard view.spec.gateway == nil else { return nil }
        return view.spec.ingress.map { spec in
            WriteIngress(
                owner: owner, host: spec.host, prefix: WriteIngress.normalized(spec.path),
                writePath: "/api/v1/write", className: spec.className, annotations: spec.annotations ?? [:],
                tlsSecretName: spec.tls?.secretName, services: writeServices, port: ["name": "web"])
        }
    }

    func plan() -> BackendPlan { plan(with: JobCache()) }

    func plan(with cache: JobCache) -> BackendPlan {
        let workload = snapshot.workloads[
            WorkloadKey(.statefulSets, ObjectKey(namespace: owner.namespace, name: name))]
        let troubles = owner.troubles(
            CentralNames.component, program: CentralNames.program, in: snapshot)
        var result = BackendPlan(.of(workload, called: "the central Prometheus", troubles))
        var planner = CentralPlanner(backend: self, cache: cache, workload: workload)
        do throws(Diagnostic) {
            try planner.makePlan()
            result.plan = planner.plan
            result.plan.objects += ingress.map { [$0.object] } ?? []
            if planner.plan.isPartial {
                result.readiness = .progressing(
                    reason: "WaitingForSecrets", message: "the Secrets of its monitors have not been read yet")
            }
        } catch {
            // The last good configuration keeps working.
            result.plan = planner.plan
            result.plan.objects = []
            result.plan.keepsExisting = true
            result.plan.diagnostics.append(error)
            result.readiness = .stalled(error.reason, error.text)
        }
        result.status = planner.status
        result.plan.diagnostics += writeFindings
        if let relay {
            result.plan.objects += relay.objects
            let troubles = relay.owner.troubles(
                GatewayNames.relayComponent, program: GatewayNames.relayProgram, in: snapshot)
            result.readiness = result.readiness.and(
                .of(snapshot.workloads[relay.workload], called: "the relay", troubles))
        }
        result.readiness = result.readiness.with(writeFindings)
        return result
    }
}
