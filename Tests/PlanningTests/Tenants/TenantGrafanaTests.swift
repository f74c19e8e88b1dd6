import Kube
import Testing
import TributaryAPI

@testable import Planning
@testable import PlanningInput

@Suite("What tenants get in Grafana")
struct TenantGrafanaTests {
    static let withAPI = Samples.external.replacing(
        "  external:",
        with: "  grafana: {api: {url: \"http://grafana:3000\", adminSecretRef: {name: grafana}}}\n  external:")
    static let behindGateway = withAPI.replacing("  external:", with: "  gateway: {}\n  external:")

    private static func organization(_ plan: Plan) throws -> GrafanaOrganization {
        guard case .organization(let organization)? = plan.grafana else {
            throw Missing(description: "found \(String(describing: plan.grafana)), expected an organization")
        }
        return organization
    }

    private struct Missing: Error, CustomStringConvertible { var description: String }

    @Test func `With the API a tenant gets an organization, and no file for the sidecar`() throws {
        let scene = try Scene(
            Self.withAPI,
            Samples.tenant(
                "tenant-a", "{id: acme, grafana: {members: [{login: al}, {login: bo, role: Editor}]}}"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.names == ["Service tenant-a-read", "Deployment tenant-a-read"])
        let organization = try Self.organization(plan)
        #expect(organization.name == "acme")
        #expect(organization.datasource.url == "http://tenant-a-read.observability.svc:8080")
        #expect(organization.datasource.uid == "tributary-observability-tenant-a")
        #expect(organization.datasource.settings["httpMethod"] == "POST")
        #expect(organization.datasource.token == nil)
        #expect(organization.members == ["al": "Viewer", "bo": "Editor"])
        guard case .server(let server)? = scene.plan(view: "main").grafana else {
            Issue.record("the view has no server")
            return
        }
        #expect(server.url == "http://grafana:3000" && server.secret == Scene.key("grafana"))
        #expect(server.userKey == "admin-user" && server.passwordKey == "admin-password")
    }

    @Test func `Behind a gateway the datasource has the credential for reading, which nothing prints`() throws {
        var scene = try Scene(Self.behindGateway, Samples.tenant("tenant-a"))
        #expect(scene.plan(tenant: "tenant-a").grafana == nil, "without a credential there is no datasource yet")
        let credential = TenantCredential(token: "s3cret-token", validSince: Scene.start)
        scene.snapshot.credentials[Scene.key("tenant-a")] = [.read: credential]
        let plan = scene.plan(tenant: "tenant-a")
        let organization = try Self.organization(plan)
        #expect(organization.datasource.token?.value == "s3cret-token")
        #expect(organization.datasource.settings["httpHeaderName1"] == "Authorization")
        var dumped = ""
        dump(plan.grafana, to: &dumped)
        #expect(!"\(organization)\(String(reflecting: organization))\(dumped)".contains("s3cret"))
    }

    @Test func `Behind a gateway the sidecar gets a Secret, since the datasource has a credential`() throws {
        let view = Samples.external.replacing("  external:", with: "  gateway: {}\n  external:")
        var scene = try Scene(view, Samples.tenant("tenant-a"))
        let waiting = scene.plan(tenant: "tenant-a")
        #expect(!waiting.names.contains { $0.hasSuffix("tenant-a-datasource") })
        #expect(waiting.keeps.contains { $0.key == Scene.key("tenant-a-datasource") })
        let credential = TenantCredential(token: "s3cret-token", validSince: Scene.start)
        scene.snapshot.credentials[Scene.key("tenant-a")] = [.read: credential]
        let plan = scene.plan(tenant: "tenant-a")
        #expect(!plan.names.contains("ConfigMap tenant-a-datasource"))
        let secret = try plan.object("Secret", "tenant-a-datasource")
        #expect(secret.labels["grafana_datasource"] == "1")
        let data = try #require(secret.json["data", "observability-tenant-a.yaml"]?.string)
        let text = String(decoding: try #require(Base64.decode(data.utf8)), as: UTF8.self)
        #expect(text.contains("httpHeaderName1: Authorization"))
        #expect(text.contains("httpHeaderValue1: Bearer s3cret-token"))
    }

    @Test func `An organization that may not exist gets no datasource, since Grafana would not start`() throws {
        let scene = try Scene(Samples.external, Samples.tenant("tenant-a", "{grafana: {organization: 7}}"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(!plan.names.contains("ConfigMap tenant-a-datasource"))
        #expect(plan.diagnostics.map(\.reason) == ["OrganizationUnknown"])
        #expect(plan.messages.first?.contains("found 7, which is not known to exist") == true)
        #expect(try plan.readiness(of: "tenant-a") == "False Creating")
    }

    @Test func `With the API the organization of a Tenant has no effect, and a warning says so`() throws {
        let scene = try Scene(Self.withAPI, Samples.tenant("tenant-a", "{grafana: {organization: 7}}"))
        #expect(scene.plan(tenant: "tenant-a").diagnostics.map(\.reason) == ["NoEffect"])
    }

    @Test func `A datasource has the shortest scrape interval of the tenant's agents`() throws {
        var scene = try Scene(Self.withAPI, Samples.tenant("tenant-a"))
        func interval() throws -> JSON? {
            try Self.organization(scene.plan(tenant: "tenant-a")).datasource.settings["timeInterval"]
        }
        #expect(try interval() == nil)
        try scene.add(Samples.agent)
        #expect(try interval() == "30s")
        try scene.add(
            Samples.agent.replacing("name: cluster", with: "name: other").replacing(
                "  externalLabels", with: "  scrapeInterval: 15s\n  externalLabels"))
        #expect(try interval() == "15s")
    }

    @Test func `A pattern gets no organization`() throws {
        let scene = try Scene(
            Samples.thanos.replacing(
                "  thanos:",
                with: "  grafana: {api: {url: \"http://grafana:3000\", adminSecretRef: {name: grafana}}}\n  thanos:"),
            Samples.tenant("tenant-a", "{id: 'a-*', matcher: glob, hashring: hashring-0}"))
        #expect(scene.plan(tenant: "tenant-a").grafana == .noOrganization(view: Scene.key("main")))
    }

    @Test func `The view records the organizations, and gives up those of tenants that are gone`() throws {
        var scene = try Scene(Self.withAPI, Samples.tenant("tenant-a"))
        let view = Scene.key("main")
        #expect(!scene.plan(view: "main").names.contains("ConfigMap main-grafana"))
        scene.snapshot.take(.grafana(view, .organization(tenant: "tenant-a", 2)))
        scene.snapshot.take(.grafana(view, .organization(tenant: "gone", 3)))
        let plan = scene.plan(view: "main")
        let record = try plan.object("ConfigMap", "main-grafana")
        #expect(record.json["data", "organizations.json"] == #"{"gone":3,"tenant-a":2}"#)
        guard case .server(let server)? = plan.grafana else {
            Issue.record("the view has no server")
            return
        }
        #expect(server.abandoned == ["gone"])
        #expect(try scene.plan(tenant: "tenant-a").status(of: "tenant-a")["grafana", "organization"] == 2)
        // The next process reads it back.
        var next = try Scene(Self.withAPI, Samples.tenant("tenant-a"))
        try next.add(record)
        #expect(next.snapshot.grafanaOrganizations(of: view) == ["gone": 3, "tenant-a": 2])
        // What this process knows is newer than a record that a watch shows.
        next.snapshot.take(.grafana(view, .organization(tenant: "gone", nil)))
        try next.add(record)
        #expect(next.snapshot.grafanaOrganizations(of: view) == ["tenant-a": 2])
    }

    @Test func `A Grafana that is away is a warning of the view, and the status of tenants without an organization`()
        throws
    {
        var scene = try Scene(Self.withAPI, Samples.tenant("tenant-a"), Samples.tenant("tenant-b"))
        let view = Scene.key("main")
        scene.snapshot.take(.grafana(view, .organization(tenant: "tenant-a", 2)))
        let problem = GrafanaProblem(nil, "GrafanaUnavailable", "cannot connect")
        #expect(
            scene.snapshot.take(.grafana(view, .server(problem))) == [
                .globalView(view), .tenant(Scene.key("tenant-b")),
            ])
        #expect(scene.plan(view: "main").diagnostics.map(\.reason) == ["GrafanaUnavailable"])
        #expect(try scene.plan(tenant: "tenant-a").status(of: "tenant-a")["grafana", "problem"] == nil)
        #expect(try scene.plan(tenant: "tenant-b").status(of: "tenant-b")["grafana", "problem"] == "cannot connect")
        #expect(scene.plan(tenant: "tenant-b").diagnostics == [])
    }

    @Test func `A problem of one tenant is in its status and in an Event`() throws {
        var scene = try Scene(Self.withAPI, Samples.tenant("tenant-a"))
        let problem = GrafanaProblem("spec.grafana.members", "GrafanaUserUnknown", "Grafana has no user \"x\"")
        let change = Change.grafana(Scene.key("main"), .problem(tenant: "tenant-a", problem))
        #expect(scene.snapshot.take(change) == [.tenant(Scene.key("tenant-a"))])
        #expect(scene.snapshot.take(change) == [], "the same again is no news")
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.diagnostics.map(\.reason) == ["GrafanaUserUnknown"])
        #expect(
            try plan.status(of: "tenant-a")["grafana", "problem"]
                == "spec.grafana.members: Grafana has no user \"x\"")
    }

    @Test func `An organization is a tenant's by its mark, also after the view or the tenant was created anew`() {
        let mark = GrafanaMark(tenant: ObjectKey(namespace: "o", name: "a"), viewUID: "v1", tenantUID: "t1")
        #expect(mark.matches(mark.text))
        func other(_ name: String = "a", view: String = "v1", tenant: String? = "t1") -> GrafanaMark {
            GrafanaMark(tenant: ObjectKey(namespace: "o", name: name), viewUID: view, tenantUID: tenant)
        }
        #expect(other(tenant: "t2").matches(mark.text) && other(view: "v2").matches(mark.text))
        #expect(other(tenant: nil).matches(mark.text))
        #expect(!other(view: "v2", tenant: "t2").matches(mark.text))
        #expect(!other(view: "v2", tenant: nil).matches(other(tenant: nil).text))
        #expect(!other("b").matches(mark.text))
        for text in ["", "Tributary: Tenant o/a", "Tributary: Tenant o/a, view , uid ", "x\(mark.text)"] {
            #expect(!mark.matches(text), "\(text)")
        }
    }
}
