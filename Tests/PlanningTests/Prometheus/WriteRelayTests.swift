import FoundationEssentials
import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("The relay of a view's writes")
struct WriteRelayTests {
    private static let walled = Samples.prometheus + "\n  gateway: {}"

    private static func scene(_ view: String = walled, _ tenant: String = "{id: acme}") throws -> Scene {
        try Scene(view, Samples.tenant("tenant-a", tenant))
    }

    private static func relays(_ plan: Plan) -> [String] { plan.names.filter { $0.hasSuffix("-relay") } }

    private static func take(_ scene: inout Scene, _ resource: Resource, _ name: String, ready: Int) {
        let status: JSON = ["observedGeneration": 1, "readyReplicas": JSON(ready), "updatedReplicas": JSON(ready)]
        let workload = Workload(
            Object(["metadata": ["generation": 1], "spec": ["replicas": 1], "status": status]))
        scene.snapshot.take(.workload(WorkloadKey(resource, Scene.key(name)), workload, of: nil))
    }

    @Test func `Behind a gateway all tenants share one relay, which forces their labels`() throws {
        let scene = try Self.scene()
        let plan = scene.plan()
        #expect(
            Self.relays(plan).sorted()
                == ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service"].map { "\($0) main-relay" })
        #expect(Self.relays(scene.plan(tenant: "tenant-a")) == [])
        let relay = try plan.object("Deployment", "main-relay")
        #expect(
            relay.arguments == [
                "relay", "--upstream=http://main-prometheus.observability.svc:9090/api/v1/write", "--label=tenant",
            ])
        #expect(relay.json["spec", "replicas"] == 2)
        let pod = relay.json["spec", "template", "spec"]
        let container = pod?["containers"]?[0]
        #expect(container?["image"]?.string == scene.snapshot.reloaderImage)
        #expect(container?["resources", "limits"] == ["memory": "256Mi"])
        #expect(pod?["automountServiceAccountToken"] == false)
        #expect(relay.labels["app.kubernetes.io/component"] == "relay")
        #expect(relay.labels["app.kubernetes.io/name"] == "tributary-relay")
        let ports = try plan.object("Service", "main-relay").json["spec", "ports"]?.array ?? []
        #expect(ports.map { $0["port"] } == [8080, 8081])
    }

    @Test func `A central Prometheus that does not know remote write 2.0 gets none`() throws {
        for (version, isRefused) in [("v2.53.3", true), ("v2.54.0", false), ("v3.5.0", false)] {
            let plan = try Self.scene(Self.walled.replacing("v3.5.0", with: version)).plan()
            let arguments = try plan.object("Deployment", "main-relay").arguments
            #expect(arguments.contains("--no-accept-v2") == isRefused, "\(version)")
        }
    }

    @Test func `The resources of the relay are those of the view`() throws {
        let view = Self.walled.replacing(
            "version: v3.5.0", with: "version: v3.5.0\n    relayResources: {requests: {memory: 1Gi}}")
        let container = try Self.scene(view).plan().object("Deployment", "main-relay").json[
            "spec", "template", "spec", "containers"]?[0]
        #expect(container?["resources"] == ["requests": ["memory": "1Gi"]])
    }

    @Test func `The gateway sends writes to the relay and names the tenant, of which agents know nothing`() throws {
        var scene = try Self.scene()
        try scene.add(Samples.agent)
        let plan = scene.plan()
        let data = try plan.object("Secret", "main-gateway").json["data"]?.strings ?? [:]
        let files = data.values.compactMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: "\n")
        #expect(files.contains("proxy_set_header X-Tributary-Tenant \"$tributary_id\";"))
        #expect(files.contains("main-relay.observability.svc"))
        for object in plan.objects where !object.name.hasPrefix("main-gateway") {
            let text = object.json.text().replacing(GatewayNames.readHeader, with: "")
            #expect(!text.contains(GatewayNames.relayHeader), "\(object)")
        }
    }

    @Test func `A view is ready once its relay is, on which no tenant waits`() throws {
        var scene = try Self.scene(Samples.prometheus + "\n  gateway: {}\n  readProxy: {mode: PerTenant}")
        Self.take(&scene, .deployments, "tenant-a-read", ready: 1)
        Self.take(&scene, .deployments, "main-gateway", ready: 1)
        Self.take(&scene, .statefulSets, "main-prometheus", ready: 1)
        #expect(try scene.plan(tenant: "tenant-a").readiness(of: "tenant-a") == "True Ready")
        Self.take(&scene, .deployments, "main-relay", ready: 0)
        #expect(try scene.plan().condition("Ready", of: "main").message == "0 of 1 pods of the relay are ready")
        Self.take(&scene, .deployments, "main-relay", ready: 1)
        #expect(try scene.plan().readiness(of: "main") == "True Ready")
    }

    @Test func `Without a gateway there is no relay`() throws {
        let open = try Self.scene(Samples.prometheus)
        #expect(Self.relays(open.plan()) == [])
        #expect(open.plan().messages == [])
    }

    @Test func `A view whose writes are trusted has no relay, and says what that means`() throws {
        let view = Self.walled.replacing("version: v3.5.0", with: "version: v3.5.0\n    writeIsolation: Trusted")
        var scene = try Self.scene(view)
        #expect(Self.relays(scene.plan()) == [])
        Self.take(&scene, .statefulSets, "main-prometheus", ready: 1)
        Self.take(&scene, .deployments, "main-read-proxy", ready: 1)
        Self.take(&scene, .deployments, "main-gateway", ready: 1)
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
}
