import Kube
import Planning
import Testing
import TributaryAPI

@Suite("Addresses of a view")
struct GatewayAddressTests {
    /// A view and a tenant with credentials, as which an agent may write.
    private static func granted(_ view: String) throws -> Scene {
        let tenant = "{agents: [{namespace: observability, name: cluster}]}"
        var scene = try Scene(view, Samples.tenant("tenant-a", tenant), Samples.agent)
        scene.makeRandom(1)
        try scene.applyCredentials(of: "tenant-a")
        return scene
    }

    private static func writeURL(_ scene: Scene) throws -> JSON? {
        try AgentPlannerTests.configuration(scene.plan(agent: "cluster"))["remote_write"]?[0]?["url"]
    }

    private static func outsideURL(_ scene: Scene) throws -> String {
        do {
            let agent = try #require(scene.planner.manifests(forTenant: "tenant-a").last)
            return agent.json["spec", "remoteWrite"]?[0]?["url"]?.string ?? "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func `Agents in the view's cluster write to the gateway's Service, and others to its Ingress`() throws {
        let scene = try Self.granted(Samples.gateway)
        #expect(try Self.writeURL(scene) == "https://main-gateway.observability.svc:8443/m/tenants/write")
        #expect(try Self.outsideURL(scene) == "https://metrics.example.org/m/tenants/write")
        let plan = scene.plan(tenant: "tenant-a")
        let status = try plan.status(of: "tenant-a")
        #expect(status["writeURL"] == "https://metrics.example.org/m/tenants/write")
        #expect(status["readURL"] == "https://metrics.example.org/m/tenants/read")
        let datasource = try plan.object("Secret", "tenant-a-datasource")
        #expect(
            try datasource.dataKeys.contains {
                try datasource.value($0).contains("url: https://main-gateway.observability.svc:8443/m/tenants/read")
            })
    }

    @Test func `An HTTPRoute has the address for other clusters as an Ingress has`() throws {
        let scene = try Self.granted(Samples.routed)
        #expect(try Self.writeURL(scene) == "http://main-gateway.observability.svc:8080/tenants/write")
        #expect(try Self.outsideURL(scene) == "https://m.example.org/tenants/write")
    }

    @Test func `A gateway without an Ingress has no address for other clusters`() throws {
        let view = Samples.external + "\n  gateway: {}"
        let scene = try Scene(view, Samples.tenant("tenant-a"))
        let status = try scene.plan(tenant: "tenant-a").status(of: "tenant-a")
        #expect(status["writeURL"] == "http://main-gateway.observability.svc:8080/tenants/write")
        #expect(status["readURL"] == "http://main-gateway.observability.svc:8080/tenants/read")
        #expect(
            try Self.outsideURL(scene)
                == "error: GlobalView observability/main: spec.ingress: is absent, so that agents of other clusters cannot "
                + "write: http://main-gateway.observability.svc:8080/tenants/write is an address of its own cluster; set "
                + "spec.ingress or spec.httpRoute")
    }

    @Test func `Without a gateway, an address for other clusters is no Service`() throws {
        let thanos = try Scene(Samples.thanos, Samples.tenant("tenant-a"))
        #expect(try Self.outsideURL(thanos).contains("set spec.gateway with spec.ingress or spec.httpRoute"))
        let reachable = try Scene(
            Samples.thanos.replacing(
                "http://thanos-receive.observability.svc:19291", with: "https://write.example.org"),
            Samples.tenant("tenant-a"))
        #expect(try Self.outsideURL(reachable) == "https://write.example.org/api/v1/receive")
    }

    @Test func `An agent beside a central Prometheus writes to its Service although there is an Ingress`() throws {
        let scene = try Scene(Samples.prometheus, Samples.tenant("tenant-a"), Samples.agent)
        #expect(try Self.writeURL(scene) == "http://main-prometheus.observability.svc:9090/api/v1/write")
        #expect(try Self.outsideURL(scene) == "https://metrics.example.org/prometheus/api/v1/write")
        let status = try scene.plan(tenant: "tenant-a").status(of: "tenant-a")
        #expect(status["writeURL"] == "https://metrics.example.org/prometheus/api/v1/write")
    }
}
