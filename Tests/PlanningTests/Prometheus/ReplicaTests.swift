import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Replicas of a central Prometheus")
struct ReplicaTests {
    private static func view(_ more: String = "") -> String {
        Samples.prometheus.replacing("version: v3.5.0", with: "version: v3.5.0\n    replicas: 2\(more)")
    }

    private static func urls(of writes: JSON?) -> [String: String] {
        let pairs = (writes?.array ?? []).compactMap { write in
            write["name"]?.string.flatMap { name in write["url"]?.string.map { (name, $0) } }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func read(_ plan: Plan) throws -> String? {
        try plan.object("Service", "main-prometheus").json[
            "spec", "selector", "statefulset.kubernetes.io/pod-name"]?.string
    }

    @Test func `Agents of the cluster write to each replica, with a queue for each`() throws {
        let plan = try Scene(Self.view(), Samples.tenant("tenant-a"), Samples.agent).plan(agent: "cluster")
        let url = ".observability.svc:9090/api/v1/write"
        #expect(
            Self.urls(of: try AgentPlannerTests.configuration(plan)["remote_write"]) == [
                "tenant": "http://main-prometheus-0\(url)", "tenant/replica-1": "http://main-prometheus-1\(url)",
            ])
    }

    @Test func `A URL of an agent's own has no replicas`() throws {
        let agent = Samples.agent + "\n  remoteWrite: [{name: tenant, url: \"http://elsewhere/write\"}]"
        let plan = try Scene(Self.view(), Samples.tenant("tenant-a"), agent).plan(agent: "cluster")
        #expect(
            Self.urls(of: try AgentPlannerTests.configuration(plan)["remote_write"]) == [
                "tenant": "http://elsewhere/write"
            ])
    }

    @Test func `An agent of several tenants writes each share to each replica`() throws {
        let agent = Samples.agent.replacing(
            "tenantRef: {name: tenant-a}", with: "tenantRefs: [{name: tenant-a, namespaces: [apps]}]")
        let plan = try Scene(Self.view(), Samples.tenant("tenant-a"), agent).plan(agent: "cluster")
        let name = "tenant/observability/tenant-a"
        let urls = Self.urls(of: try AgentPlannerTests.configuration(plan)["remote_write"])
        #expect(Set(urls.keys) == [name, "\(name)/replica-1"])
    }

    @Test func `Each replica has a Service, and agents elsewhere a path for each`() throws {
        let scene = try Scene(Self.view(), Samples.tenant("tenant-a"))
        let plan = scene.plan()
        for replica in 0..<2 {
            let service = try plan.object("Service", "main-prometheus-\(replica)")
            #expect(
                service.json["spec", "selector", "statefulset.kubernetes.io/pod-name"]?.string
                    == "main-prometheus-\(replica)")
        }
        #expect(plan.names.contains("PodDisruptionBudget main-prometheus"))
        let ingress = try plan.object("Ingress", "main-write").json["spec", "rules"]?[0]?["http", "paths"]?.array ?? []
        #expect(
            ingress.map { [$0["path"]?.string, $0["backend", "service", "name"]?.string] } == [
                ["/prometheus/api/v1/write", "main-prometheus-0"],
                ["/prometheus/replica-1/api/v1/write", "main-prometheus-1"],
            ])
        let status = try scene.plan(tenant: "tenant-a").status(of: "tenant-a")
        #expect(status["writeURL"] == "https://metrics.example.org/prometheus/api/v1/write")
        #expect(
            status["replicaWriteURLs"] == ["https://metrics.example.org/prometheus/replica-1/api/v1/write"])
        let manifest = try #require(try scene.planner.manifests(forTenant: "tenant-a").last)
        #expect(
            Self.urls(of: manifest.json["spec", "remoteWrite"]) == [
                "tenant": "https://metrics.example.org/prometheus/api/v1/write",
                "tenant/replica-1": "https://metrics.example.org/prometheus/replica-1/api/v1/write",
            ])
    }

    @Test func `Queries go to the replica that has been ready the longest, and one that is back does not take over`()
        throws
    {
        var scene = try Scene(Self.view())
        let group = PodGroup.centralPrometheus(of: Scene.key("main"))
        func ready(_ replica: Int, _ since: Timestamp?) -> Set<PlanKey> {
            scene.snapshot.take(.readyPod(Scene.key("main-prometheus-\(replica)"), since: since, in: group))
        }
        #expect(try Self.read(scene.plan()) == "main-prometheus-0")
        #expect(ready(1, Scene.start) == [.globalView(Scene.key("main"))])
        #expect(try Self.read(scene.plan()) == "main-prometheus-1")
        _ = ready(0, Scene.start)
        #expect(try Self.read(scene.plan()) == "main-prometheus-0")
        _ = ready(0, nil)
        #expect(try Self.read(scene.plan()) == "main-prometheus-1")
        _ = ready(0, Scene.start.advanced(by: .seconds(600)))
        #expect(try Self.read(scene.plan()) == "main-prometheus-1")
        _ = ready(1, nil)
        #expect(try Self.read(scene.plan()) == "main-prometheus-0")
    }

    @Test func `Only ready pods of the central Prometheus say since when they are ready`() throws {
        func pod(_ ready: String, component: String = "central", deleted: Bool = false) -> Timestamp? {
            var metadata: JSON = [
                "name": "main-prometheus-0", "namespace": "observability",
                "labels": [
                    "app.kubernetes.io/managed-by": "tributary", "app.kubernetes.io/instance": "main",
                    "app.kubernetes.io/component": JSON(component), "app.kubernetes.io/name": "prometheus",
                ],
            ]
            if deleted { metadata["deletionTimestamp"] = "2026-11-21T09:00:00Z" }
            return OwnPod(
                Object([
                    "apiVersion": "v1", "kind": "Pod", "metadata": metadata,
                    "status": [
                        "conditions": [
                            [
                                "type": "Ready", "status": JSON(ready),
                                "lastTransitionTime": "2026-11-21T09:00:00Z",
                            ]
                        ]
                    ],
                ]))?.readySince
        }
        #expect(pod("True") == Scene.start)
        #expect(pod("False") == nil && pod("True", component: "other") == nil && pod("True", deleted: true) == nil)
    }

    @Test func `The relay sends to each replica, also if tenants are trusted`() throws {
        let plan = try Scene(Self.view("\n    replicaPatience: 4h") + "\n  gateway: {}").plan()
        let upstreams = (0..<2).map {
            "--upstream=http://main-prometheus-\($0).observability.svc:9090/api/v1/write"
        }
        #expect(
            try plan.object("Deployment", "main-relay").arguments
                == ["relay"] + upstreams + ["--label=tenant", "--replica-patience=4h"])
        let trusted = try Scene(Self.view("\n    writeIsolation: Trusted") + "\n  gateway: {}").plan()
        #expect(
            try trusted.object("Deployment", "main-relay").arguments == ["relay"] + upstreams + ["--keep-labels"])
        #expect(trusted.diagnostics.map(\.reason) == ["WritesTrusted"])
        let policy = try trusted.object("NetworkPolicy", "main-prometheus").json.text()
        #expect(policy.contains("\"relay\"") && !policy.contains("\"app.kubernetes.io/component\":\"gateway\""))
    }

    @Test func `One replica has one Service, as before`() throws {
        let plan = try Scene(Samples.prometheus).plan()
        #expect(plan.names.filter { $0.hasPrefix("Service ") } == ["Service main-prometheus"])
        #expect(try Self.read(plan) == nil)
        #expect(!plan.names.contains("PodDisruptionBudget main-prometheus"))
    }
}
