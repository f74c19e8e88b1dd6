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

    private var name: String { CentralPrometheus.name(of: view.metadata.name) }

    private var baseURL: String { "http://\(name).\(owner.namespace).svc:\(PrometheusPod.port)" }

    /// Where the central Prometheus receives, inside the cluster.
    var receiverURL: String { "\(baseURL)/api/v1/write" }

    var direct: ViewEndpoints {
        ViewEndpoints(
            tenantLabel: view.tenantLabel, queryURL: baseURL, writeURL: receiverURL, outsideWriteURL: ingress?.url,
            filtersRules: view.prometheusVersion >= PrometheusVersion(2, 54), flavour: "Prometheus")
    }

    /// The Ingress to the central Prometheus itself; nil behind a gateway, which has its own.
    private var ingress: WriteIngress? {
        guard view.spec.gateway == nil else { return nil }
        return view.spec.ingress.map { spec in
            WriteIngress(
                owner: owner, host: spec.host, prefix: WriteIngress.normalized(spec.path),
                writePath: "/api/v1/write", className: spec.className, annotations: spec.annotations ?? [:],
                tlsSecretName: spec.tls?.secretName, service: name, port: ["name": "web"])
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
            CentralPrometheus.component, program: CentralPrometheus.program, in: snapshot)
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
            owner: owner, image: view.prometheusImage, version: view.prometheusVersion, replicas: spec.replicas ?? 1,
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
