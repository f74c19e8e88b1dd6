import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Relays of tenants' writes")
struct WriteRelayTests {
    private static let walled = Samples.prometheus + "\n  gateway: {}"

    private static func scene(_ view: String = walled, _ tenant: String = "{id: acme}") throws -> Scene {
        try Scene(view, Samples.tenant("tenant-a", tenant))
    }

    private static func relays(_ plan: Plan) -> [String] { plan.names.filter { $0.hasSuffix("-relay") } }

    @Test func `Behind a gateway the writes of each tenant go through a relay that forces its label`() throws {
        let plan = try Self.scene().plan(tenant: "tenant-a")
        #expect(Self.relays(plan).sorted() == ["ConfigMap", "Deployment", "Service"].map { "\($0) tenant-a-relay" })
        let text = try plan.object("ConfigMap", "tenant-a-relay").json["data", "prometheus.yaml"]?.string
        let file = try YAML.parseOne(try #require(text)).value
        #expect(file.object?.keys.elements == ["remote_write"])
        let write = try #require(file["remote_write"]?[0])
        #expect(write["url"] == "http://main-prometheus.observability.svc:9090/api/v1/write")
        #expect(
            write["write_relabel_configs"]
                == [["target_label": "tenant", "replacement": "acme", "action": "replace"]])
        // The central Prometheus would answer with status 500, and the relay would repeat the request forever.
        #expect(write["send_native_histograms"] == false)
    }

    @Test func `A relay is a Prometheus agent of the central version that receives writes`() throws {
        let plan = try Self.scene().plan(tenant: "tenant-a")
        let relay = try plan.object("Deployment", "tenant-a-relay")
        #expect(relay.arguments.contains("--agent"))
        #expect(relay.arguments.contains("--web.enable-remote-write-receiver"))
        #expect(relay.arguments.contains("--storage.agent.path=/prometheus"))
        #expect(!relay.arguments.contains("--web.enable-lifecycle"))
        let pod = relay.json["spec", "template", "spec"]
        #expect(pod?["containers"]?[0]?["image"] == "quay.io/prometheus/prometheus:v3.5.0")
        #expect(pod?["automountServiceAccountToken"] == false)
        let data = pod?["volumes"]?.array?.first { $0["name"] == "data" }
        #expect(data?["emptyDir", "sizeLimit"]?.string != nil)
        #expect(relay.labels["app.kubernetes.io/component"] == "relay")
        #expect(relay.labels["app.kubernetes.io/name"] == "prometheus-relay")

        let older = try Self.scene(Self.walled.replacing("v3.5.0", with: "v2.53.3")).plan(tenant: "tenant-a")
        let arguments = try older.object("Deployment", "tenant-a-relay").arguments
        #expect(arguments.contains("--enable-feature=agent") && !arguments.contains("--agent"))
    }

    @Test func `A tenant is ready once its read proxy and its relay are`() throws {
        var scene = try Self.scene(Samples.prometheus + "\n  gateway: {}\n  readProxy: {mode: PerTenant}")
        func take(_ name: String, ready: Int) {
            let workload = Workload(
                Object([
                    "metadata": ["generation": 1], "spec": ["replicas": 1],
                    "status": ["observedGeneration": 1, "readyReplicas": JSON(ready)],
                ]))
            scene.snapshot.take(.workload(WorkloadKey(.deployments, Scene.key(name)), workload, of: nil))
        }
        take("tenant-a-read", ready: 1)
        #expect(try scene.plan(tenant: "tenant-a").readiness(of: "tenant-a") == "False Creating")
        take("tenant-a-relay", ready: 0)
        let waiting = try scene.plan(tenant: "tenant-a").condition("Ready", of: "tenant-a")
        #expect(waiting.message == "0 of 1 pods of the relay are ready")
        take("tenant-a-relay", ready: 1)
        #expect(try scene.plan(tenant: "tenant-a").readiness(of: "tenant-a") == "True Ready")
    }

    @Test func `Without a gateway there is no relay`() throws {
        let open = try Self.scene(Samples.prometheus)
        #expect(Self.relays(open.plan(tenant: "tenant-a")) == [])
        #expect(open.plan().messages == [])
    }

    @Test func `Trusted has no relays, and the view says what that means`() throws {
        let view = Self.walled.replacing("version: v3.5.0", with: "version: v3.5.0\n    writeIsolation: Trusted")
        var scene = try Self.scene(view)
        #expect(Self.relays(scene.plan(tenant: "tenant-a")) == [])
        scene.snapshot.take(
            .workload(
                WorkloadKey(.statefulSets, Scene.key("main-prometheus")),
                Workload(Object(["status": ["readyReplicas": 1, "updatedReplicas": 1]])), of: nil))
        for name in ["main-gateway", "main-read-proxy"] {
            let ready = Workload(Object(["status": ["readyReplicas": 1, "updatedReplicas": 1]]))
            scene.snapshot.take(.workload(WorkloadKey(.deployments, Scene.key(name)), ready, of: nil))
        }
        let plan = scene.plan()
        let said = "any tenant's agent can write series with another tenant's label"
        #expect(plan.diagnostics.map(\.reason) == ["WritesTrusted"])
        #expect(plan.messages.first?.contains(said) == true)
        #expect(try plan.condition("Ready", of: "main").message.contains(said))
    }

    @Test func `A Prometheus that stores samples of any future time gets a warning behind a gateway`() throws {
        let scene = try Self.scene(Self.walled.replacing("v3.5.0", with: "v2.53.3"))
        #expect(scene.plan().diagnostics.map(\.reason) == ["FutureSamplesAccepted"])
    }

    @Test func `The name of a relay fits into that of a Service, whatever the name of its tenant`() throws {
        let names = (50...58).map { String(repeating: "t", count: $0) }
        let relays = names.map { GatewayNames.relay(of: $0) }
        #expect(relays.allSatisfy { $0.utf8.count <= 63 && $0.hasSuffix("-relay") })
        #expect(Set(relays).count == names.count)
        #expect(GatewayNames.relay(of: "a") == "a-relay")
    }
}
