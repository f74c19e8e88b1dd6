import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

/// A central Prometheus behind a global view, with its remote-write receiver enabled.
struct PrometheusBackend: ViewBackend {
    let view: GlobalView
    private let spec: PrometheusSpec
    let snapshot: Snapshot
    private let owner: Owner

    init?(_ view: GlobalView, in snapshot: Snapshot) {
        guard let spec = view.spec.prometheus else { return nil }
        self.view = view
        self.spec = spec
        self.snapshot = snapshot
        owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
    }

    private var name: String { CentralNames.name(of: view.metadata.name) }

    /// The Services that writes go to: one for each replica.
    private var writeServices: [String] {
        let replicas = view.prometheusReplicas
        guard replicas > 1 else { return [name] }
        return (0..<replicas).map { CentralNames.name(of: view.metadata.name, replica: $0) }
    }

    private func url(of service: String) -> String {
        "http://\(service).\(owner.namespace).svc:\(PrometheusPod.port)"
    }

    /// Where the replicas receive, inside the cluster.
    var receiverURLs: [String] { writeServices.map { "\(url(of: $0))/api/v1/write" } }

    var direct: ViewEndpoints {
        let (inside, outside) = (receiverURLs, ingress?.urls ?? [])
        var endpoints = ViewEndpoints(
            tenantLabel: view.tenantLabel, queryURL: url(of: name), writeURL: inside.first,
            outsideWriteURL: outside.first, filtersRules: view.prometheusVersion >= PrometheusVersion(2, 54),
            flavour: "Prometheus")
        endpoints.replicaWriteURLs = Array(inside.dropFirst())
        endpoints.outsideReplicaWriteURLs = Array(outside.dropFirst())
        return endpoints
    }

    /// The replica that queries go to: the one that has been ready the longest, since its series have the fewest gaps. One
    /// that comes back does not take over.
    private var readReplica: Int {
        let ready = snapshot.readySince(CentralNames.pods(of: view.metadata.key))
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

    func plan() -> BackendPlan {
        let about = PlanKey.globalView(view.metadata.key)
        var files = FileMounts()
        var configuration = ServerConfiguration()
        // An agent that was disconnected sends its backlog after others have sent newer samples of the same series.
        configuration.outOfOrderTimeWindow = "2h"
        var problems: [Diagnostic] = []
        configuration.scrapeConfigs = scrapeConfigs(&files, &problems)
        configuration.remoteReads = (spec.remoteRead ?? []).map { $0.configuration(&files) }
        let generated = configuration.generate(for: view.prometheusVersion)
        let workload = snapshot.workloads[
            WorkloadKey(.statefulSets, ObjectKey(namespace: owner.namespace, name: name))]
        let troubles = owner.troubles(
            CentralNames.component, program: CentralNames.program, in: snapshot)
        var result = BackendPlan(.of(workload, called: "the central Prometheus", troubles))
        result.plan.diagnostics = problems + writeFindings
        for problem in generated.problems where problem.effect != .fatal {
            let reason = problem.effect == .rejected ? "SpokeRejected" : "FieldNotSupported"
            result.plan.diagnostics.append(.warning(about, "spec.prometheus", reason, problem.description))
        }
        do throws(Diagnostic) {
            result.plan.objects = try objects(generated, files, about) + (ingress.map { [$0.object] } ?? [])
        } catch {
            // The last good configuration keeps working.
            result.plan.keepsExisting = true
            result.plan.diagnostics.append(error)
            result.readiness = .stalled(error.reason, error.text)
        }
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

    private func objects(
        _ generated: GeneratedConfiguration, _ files: FileMounts, _ about: PlanKey
    ) throws(Diagnostic) -> [Object] {
        guard let file = generated.json else {
            let fatal = generated.problems.filter { $0.effect == .fatal }.map(\.description)
            throw .error(about, "spec.prometheus", "ConfigurationInvalid", fatal.joined(separator: "; "))
        }
        let central = CentralPrometheus(
            owner: owner, image: view.prometheusImage, version: view.prometheusVersion,
            replicas: view.prometheusReplicas,
            readReplica: readReplica,
            retention: spec.retention ?? "15d", storage: spec.storage?.claim,
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]],
            configurationFile: YAML.write([file]), files: files)
        do throws(FieldError) {
            return try central.objects()
        } catch {
            throw .invalidSpec(about, error)
        }
    }
}
