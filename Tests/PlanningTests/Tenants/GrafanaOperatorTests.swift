import Kube
import PlanningInput
import Testing
import TributaryAPI

@Suite("Datasources for grafana-operator")
struct GrafanaOperatorTests {
    private static func scene() throws -> Scene {
        let view = Samples.walled("{}", "{grafana: {datasources: GrafanaOperator, datasourceLabels: {team: a}}}")
        var scene = try Scene(view, Samples.tenant("tenant-a"))
        scene.makeRandom(1)
        try scene.applyCredentials(of: "tenant-a")
        return scene
    }

    @Test func `A tenant gets a GrafanaDatasource that takes the credential from its Secret`() throws {
        let scene = try Self.scene()
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.messages == [])
        let spec = try #require(try plan.object("GrafanaDatasource", "tenant-a-datasource").json["spec"])
        #expect(spec["instanceSelector"] == ["matchLabels": ["team": "a"]])
        #expect(spec["datasource", "url"] == "http://main-gateway.observability.svc:8080/tenants/read")
        #expect(spec["datasource", "secureJsonData"] == ["httpHeaderValue1": "Bearer ${token}"])
        #expect(
            spec["valuesFrom"]?[0]?["valueFrom"]
                == ["secretKeyRef": ["name": "tenant-a-read-credential", "key": "token"]])
        let token = scene.snapshot.acceptedTokens(.read, of: Scene.key("tenant-a"))[0]
        #expect(!spec.text().contains(token))
        #expect(!plan.names.contains("Secret tenant-a-datasource"))
    }

    @Test func `Without grafana-operator the tenant is served, and a warning says what is missing`() throws {
        var scene = try Self.scene()
        let tenant = PlanKey.tenant(Scene.key("tenant-a"))
        #expect(scene.snapshot.take(.kind(.grafanaDatasources, isServed: false)) == [tenant])
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.diagnostics.map(\.reason) == ["KindNotServed"])
        #expect(!plan.names.contains { $0.hasPrefix("GrafanaDatasource") })
        #expect(try plan.readiness(of: "tenant-a") == "True Ready")
        scene.snapshot.take(.kind(.grafanaDatasources, isServed: true))
        #expect(scene.plan(tenant: "tenant-a").names.contains("GrafanaDatasource tenant-a-datasource"))
    }

    @Test func `Credentials that would cross an Ingress without TLS get a warning`() throws {
        let clear = try Scene(Samples.walled("{}", "{ingress: {host: metrics.example.org}}"))
        #expect(clear.plan().diagnostics.map(\.reason) == ["CredentialsInClear"])
        let encrypted = try Scene(Samples.walled("{}", "{ingress: {host: metrics.example.org, tls: {secretName: t}}}"))
        #expect(encrypted.plan().diagnostics.map(\.reason) == [])
    }
}
