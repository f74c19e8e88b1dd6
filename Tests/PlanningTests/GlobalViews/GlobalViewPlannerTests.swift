import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Plans of global views")
struct GlobalViewPlannerTests {
    @Test func `A central Prometheus has its receiver enabled and accepts only writes from outside`() throws {
        let plan = try Scene(Samples.prometheus).plan()
        #expect(plan.messages == [])
        #expect(
            plan.names == [
                "ConfigMap main-prometheus", "Service main-prometheus", "StatefulSet main-prometheus",
                "Ingress main-write",
            ])
        let arguments = try plan.object("StatefulSet", "main-prometheus").arguments
        #expect(arguments.contains("--web.enable-remote-write-receiver"))
        #expect(!arguments.contains { $0.contains("admin-api") || $0.contains("lifecycle") })
        let ingress = try plan.object("Ingress", "main-write")
        let paths = ingress.json["spec", "rules"]?[0]?["http", "paths"]?.array ?? []
        #expect(paths.map { $0["path"] } == ["/prometheus/api/v1/write"])
        #expect(paths.map { $0["pathType"] } == ["Exact"])
        #expect(ingress.annotations["nginx.ingress.kubernetes.io/rewrite-target"] == "/api/v1/write")
        #expect(ingress.json["spec", "tls"]?[0]?["secretName"] == "metrics-tls")
    }

    @Test func `The Ingress of a central Prometheus has the view's annotations, except what lets only writes through`()
        throws
    {
        let annotations =
            "annotations: {a.example.org/b: c, nginx.ingress.kubernetes.io/rewrite-target: /api/v1/query}, "
        let view = Samples.prometheus.replacing("path: /prometheus,", with: "path: /prometheus, " + annotations)
        #expect(
            try Scene(view).plan().object("Ingress", "main-write").annotations == [
                "a.example.org/b": "c", "nginx.ingress.kubernetes.io/rewrite-target": "/api/v1/write",
            ])
    }

    @Test func `A central Prometheus pulls from spokes that cannot push, with mounted credentials`() throws {
        let plan = try Scene(Samples.prometheus).plan()
        let text = try plan.object("ConfigMap", "main-prometheus").json["data", "prometheus.yaml"]?.string
        let job = try YAML.parseOne(try #require(text)).value["scrape_configs"]?[0]
        #expect(job?["scheme"] == "https")
        #expect(job?["metrics_path"] == "/base/federate")
        #expect(job?["params"] == ["match[]": ["{job!=\"\"}"]])
        #expect(job?["static_configs"]?[0]?["targets"] == ["prom.legacy.example.org"])
        #expect(job?["basic_auth", "password_file"] == "/etc/prometheus/secrets/legacy-credentials/password")
    }

    @Test func `A global view is ready once its pods are ready`() throws {
        var scene = try Scene(Samples.prometheus)
        #expect(try scene.plan().readiness(of: "main") == "False Creating")
        let key = WorkloadKey(.statefulSets, Scene.key("main-prometheus"))
        func workload(ready: Int) -> Workload {
            Workload(
                Object([
                    "metadata": ["generation": 1], "spec": ["replicas": 1],
                    "status": ["observedGeneration": 1, "readyReplicas": JSON(ready)],
                ]))
        }
        scene.snapshot.take(.workload(key, workload(ready: 0), of: nil))
        let waiting = scene.plan()
        #expect(try waiting.readiness(of: "main") == "False WaitingForPods")
        #expect(try waiting.condition("Reconciling", of: "main").status == .true)
        scene.snapshot.take(.workload(key, workload(ready: 1), of: nil))
        let ready = scene.plan()
        #expect(try ready.readiness(of: "main") == "True Ready")
        #expect(try ready.condition("Reconciling", of: "main").status == .false)
        #expect(try ready.condition("Stalled", of: "main").status == .false)
        #expect(try ready.condition("Ready", of: "main").observedGeneration == 1)
    }

    @Test func `A global view with an external service is ready and has no workloads`() throws {
        let plan = try Scene(Samples.external, Samples.tenant("tenant-a")).plan()
        #expect(plan.objects == [])
        #expect(try plan.readiness(of: "main") == "True Ready")
        #expect(try plan.status(of: "main")["kind"] == "external")
        #expect(try plan.status(of: "main")["tenants"] == 1)
    }

    @Test func `A global view with two backends is refused, and its existing objects stay`() throws {
        let plan = try Scene(Samples.prometheus + "\n  external: {writeURL: https://mimir.example.org/push}").plan()
        #expect(plan.objects == [])
        #expect(plan.keepsExisting)
        #expect(
            plan.messages.first
                == "error: GlobalView observability/main: spec: found prometheus and external, should have exactly "
                + "one of \"prometheus\", \"thanos\" and \"external\"")
        #expect(try plan.condition("Stalled", of: "main").status == .true)
    }

    @Test func `A global view whose name is too long for its StatefulSet gets an error`() throws {
        let name = String(repeating: "v", count: 42)
        let plan = try Scene(Samples.prometheus.replacing("name: main", with: "name: \(name)")).plan(view: name)
        #expect(plan.objects == [])
        #expect(plan.messages.first?.contains("metadata.name: \"\(name)\" should have at most 41 characters") == true)
    }

    @Test func `A global view that is paused from the start has only the condition of a paused one`() throws {
        let plan = try Scene(Samples.prometheus + "\n  paused: true").plan()
        #expect(plan.objects == [])
        #expect(plan.keepsExisting)
        #expect(try plan.status(of: "main").object?.keys.sorted() == ["conditions", "observedGeneration"])
    }
}
