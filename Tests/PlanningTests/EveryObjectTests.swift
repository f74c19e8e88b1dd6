import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("All planned objects")
struct EveryObjectTests {
    /// Plans that together contain every kind of object.
    static func plans() throws -> [(owner: PlanKey, plan: Plan)] {
        let discovering = Samples.agent.replacing(
            "static_configs: [{targets: [\"localhost:9090\"]}]",
            with: "kubernetes_sd_configs: [{role: pod, namespaces: {names: [apps, observability]}}]")
        let limited = Samples.tenant("tenant-a", "{read: {allowFrom: [{namespace: grafana}]}}")
        let scenes = [
            try HashringPlanTests.scene(),
            try Scene(Samples.managed, Samples.tenant("tenant-a", "{hashring: hashring-0}")),
            try Scene(Samples.prometheus, limited, Samples.agent),
            try Scene(Samples.gateway, limited),
            try Scene(StoragePlanTests.view("tls: {certificate: {issuerRef: {name: ca}}}")),
            try Scene(Samples.routed, limited),
            try Scene(Samples.behindGateway(Samples.managed), Samples.tenant("tenant-a")),
            try Scene(Samples.behindGateway(Samples.prometheus, "readProxy: {mode: PerTenant}"), limited),
            try Scene(Samples.prometheus + "\n  gateway: {}", Samples.tenant("tenant-a")),
            try Scene(Samples.external, limited, discovering + "\n  shards: 2\n  storage: {size: 1Gi}"),
            try Scene(
                Samples.external, limited,
                Samples.agent + "\n  version: v2.53.0\n  podMetadata: {labels: {app.kubernetes.io/name: mine, team: x}}"
            ),
        ]
        var monitored = try Scene(
            MonitorSamples.agent("serviceMonitorSelector: {}, shards: 2"),
            MonitorSamples.serviceMonitor(
                "everywhere", endpoint: MonitorSamples.token,
                more: "{namespaceSelector: {any: true}, attachMetadata: {node: true}}"))
        try monitored.add(MonitorSamples.secret("credentials", ["token": "s3cret"]))
        return (scenes + [monitored]).flatMap { scene in
            scene.snapshot.planKeys.map { ($0, scene.planner.plan(for: $0)) }
        }
    }

    static let kinds: Set = [
        "ConfigMap", "Secret", "Service", "ServiceAccount", "Deployment", "StatefulSet", "Role", "RoleBinding",
        "Ingress", "NetworkPolicy", "PodDisruptionBudget", "ClusterRoleBinding",
        "HTTPRoute", "Certificate",
    ]

    @Test func `The samples contain every kind of planned object`() throws {
        #expect(Set(try Self.plans().flatMap(\.plan.objects).map(\.kind)) == Self.kinds)
    }

    @Test func `Every object has the recommended labels, a namespace and an owner`() throws {
        for (key, plan) in try Self.plans() {
            for object in plan.objects {
                let labels = object.labels
                #expect(labels["app.kubernetes.io/managed-by"] == "tributary", "\(object)")
                #expect(labels["app.kubernetes.io/part-of"] == "tributary", "\(object)")
                #expect(labels["app.kubernetes.io/instance"] == key.objectKey.name, "\(object)")
                #expect(labels["app.kubernetes.io/name"]?.isEmpty == false, "\(object)")
                #expect(labels["app.kubernetes.io/component"]?.isEmpty == false, "\(object)")
                #expect(labels.values.allSatisfy { $0.utf8.count <= 63 }, "\(object)")
                guard object.namespace == key.objectKey.namespace else {
                    // Owner references do not work across namespaces: labels name the owner.
                    #expect(object.namespace == (object.kind == "ClusterRoleBinding" ? nil : "apps"), "\(object)")
                    #expect(labels["tributary.dev/agent"] == key.objectKey.name, "\(object)")
                    #expect(labels["tributary.dev/agent-namespace"] == key.objectKey.namespace, "\(object)")
                    continue
                }
                let owner = try #require(object.ownerReferences.first, "\(object) has no owner")
                #expect(object.ownerReferences.count == 1)
                #expect(owner.kind == key.resource.kind && owner.apiVersion == key.resource.apiVersion)
                #expect(owner.name == key.objectKey.name && owner.uid == "uid-of-\(owner.kind)-\(owner.name)")
                #expect(owner.controller == true && owner.blockOwnerDeletion == true)
            }
        }
    }

    @Test func `Every object is planned once and has a unique name`() throws {
        for (_, plan) in try Self.plans() {
            let names = plan.objects.map(\.description)
            #expect(Set(names).count == names.count, "\(names)")
        }
    }

    @Test func `No Service or workload selects the pods of another one`() throws {
        try selects(Scene(Samples.gateway, Samples.tenant("main"), Samples.tenant("tenant-a")))
        let hard = Samples.tenant("tenant-a", "{hashring: hashring-0}")
        try selects(Scene(Samples.managed, Samples.tenant("main"), hard))
        for mode in ["Shared", "PerTenant"] {
            let view = Samples.behindGateway(Samples.managed, "readProxy: {mode: \(mode)}")
            try selects(Scene(view, Samples.tenant("main"), hard))
        }
        for view in [Samples.prometheus, Samples.prometheus + "\n  gateway: {}"] {
            try selects(Scene(view, Samples.tenant("main"), Samples.tenant("tenant-a"), Samples.agent))
        }
    }

    private func selects(_ scene: Scene) throws {
        let objects = scene.planner.plan().objects
        let pods = objects.compactMap { object in
            object.json["spec", "template", "metadata", "labels"].map { (object, $0.strings) }
        }
        for object in objects {
            let selector = object.json["spec", "selector", "matchLabels"] ?? object.json["spec", "selector"]
            guard let selector = selector?.strings, !selector.isEmpty else { continue }
            let selected = pods.filter { pod in selector.allSatisfy { pod.1[$0.key] == $0.value } }
            #expect(selected.count == 1, "\(object) selects \(selected.map(\.0.description))")
            #expect(selected.first?.0.ownerReferences == object.ownerReferences)
        }
    }

    // MARK: - Pod Security

    @Test func `Every workload passes the restricted Pod Security Standard`() throws {
        let workloads = try Self.plans().flatMap(\.plan.objects).filter { $0.json["spec", "template"] != nil }
        #expect(workloads.count >= 8)
        for workload in workloads {
            let pod = workload.json["spec", "template", "spec"] ?? [:]
            for field in ["hostNetwork", "hostPID", "hostIPC"] {
                #expect(pod[field]?.bool ?? false == false, "\(workload): \(field)")
            }
            let allowed: Set = [
                "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected",
                "secret",
            ]
            for volume in pod["volumes"]?.array ?? [] {
                let sources = (volume.object?.keys.elements ?? []).filter { $0 != "name" }
                #expect(allowed.isSuperset(of: sources) && sources.count == 1, "\(workload): \(volume)")
            }
            let security = pod["securityContext"] ?? [:]
            #expect(security["runAsNonRoot"] == true, "\(workload)")
            #expect(security["runAsUser"]?.int ?? 0 > 0, "\(workload)")
            #expect(security["seccompProfile", "type"] == "RuntimeDefault", "\(workload)")
            #expect(security["sysctls"] == nil && security["windowsOptions"] == nil, "\(workload)")
            let containers = ["containers", "initContainers", "ephemeralContainers"].flatMap { pod[$0]?.array ?? [] }
            #expect(!containers.isEmpty)
            for container in containers { try check(container, of: workload) }
        }
    }

    private func check(_ container: JSON, of workload: Object) throws {
        let security = try #require(container["securityContext"], "\(workload)")
        #expect(security["privileged"]?.bool ?? false == false, "\(workload)")
        #expect(security["allowPrivilegeEscalation"] == false, "\(workload)")
        #expect(security["capabilities"] == ["drop": ["ALL"]], "\(workload)")
        #expect(security["readOnlyRootFilesystem"] == true, "\(workload)")
        #expect(security["procMount"] == nil && security["seLinuxOptions"] == nil, "\(workload)")
        #expect(security["runAsNonRoot"]?.bool ?? true, "\(workload)")
        #expect(security["runAsUser"]?.int ?? 1 > 0, "\(workload)")
        for port in container["ports"]?.array ?? [] { #expect(port["hostPort"] == nil, "\(workload)") }
        #expect(container["resources", "requests"] != nil, "\(workload)")
        // A container that serves nothing has no probes.
        #expect(container["ports"] == nil || container["readinessProbe"] != nil, "\(workload)")
    }

    // MARK: - Secrets

    @Test func `No ConfigMap or argument contains credentials`() throws {
        for object in try Self.plans().flatMap(\.plan.objects) where object.kind == "ConfigMap" {
            for text in (object.json["data"] ?? [:]).strings.values {
                for member in ["password:", "credentials:", "bearer_token:", "client_secret:", "password\":"] {
                    #expect(!text.contains(member), "\(object)")
                }
            }
        }
        for object in try Self.plans().flatMap(\.plan.objects) {
            for argument in object.arguments {
                #expect(!argument.contains("password") && !argument.contains("token"), "\(object): \(argument)")
            }
            for variable in object.json["spec", "template", "spec", "containers"]?[0]?["env"]?.array ?? [] {
                #expect(variable["value"] == nil, "\(object)")
            }
        }
    }

    @Test func `An agent's Role allows only what discovery needs`() throws {
        for role in try Self.plans().flatMap(\.plan.objects) where role.kind == "Role" {
            for rule in role.json["rules"]?.array ?? [] {
                #expect(rule["verbs"] == ["get", "list", "watch"])
                let resources = (rule["resources"]?.array ?? []).compactMap(\.string)
                #expect(!resources.contains("secrets") && !resources.contains("*"))
            }
        }
    }
}
