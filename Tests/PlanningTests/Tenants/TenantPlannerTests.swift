import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Plans of tenants")
struct TenantPlannerTests {
    @Test func `A tenant needs only the name of its global view`() throws {
        let scene = try Scene(Samples.thanos, Samples.tenant("tenant-a"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(
            plan.names == ["Service tenant-a-read", "Deployment tenant-a-read", "ConfigMap tenant-a-datasource"])
        #expect(plan.messages == [])
        let status = try plan.status(of: "tenant-a")
        #expect(status["id"] == "tenant-a")
        #expect(status["hashring"] == "(soft)")
        #expect(status["readURL"] == "http://tenant-a-read.observability.svc:8080")
        #expect(status["writeURL"] == "http://thanos-receive.observability.svc:19291/api/v1/receive")
        #expect(status["observedGeneration"] == 2)
    }

    @Test func `A tenant reads its own series and those of the tenants that it also sees`() throws {
        let scene = try Scene(
            Samples.thanos, Samples.tenant("tenant-a", "{id: acme, read: {alsoSees: [shared, extra]}}"))
        let proxy = try scene.plan(tenant: "tenant-a").object("Deployment", "tenant-a-read")
        let arguments = proxy.arguments
        #expect(
            arguments.filter { $0.hasPrefix("-label-value=") }.map { $0.dropFirst(13) } == ["acme", "shared", "extra"])
        #expect(arguments.contains("-label=tenant_id"))
        #expect(arguments.contains("-upstream=http://thanos-query.observability.svc:9090"))
        #expect(!arguments.contains { $0.hasPrefix("-query-param") || $0.hasPrefix("-header-name") })
    }

    @Test func `Only the namespaces that a tenant names can reach its proxy`() throws {
        let scene = try Scene(
            Samples.thanos, Samples.tenant("tenant-a", "{read: {allowFrom: [{namespace: grafana}]}}"))
        let policy = try scene.plan(tenant: "tenant-a").object("NetworkPolicy", "tenant-a-read")
        let rules = policy.json["spec", "ingress"]?.array ?? []
        #expect(rules.count == 2)
        #expect(
            rules.first?["from"]
                == [["namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": "grafana"]]]])
        #expect(rules.first?["ports"] == [["port": "http", "protocol": "TCP"]])
        #expect(rules.last?["ports"] == [["port": "metrics", "protocol": "TCP"]])
    }

    @Test func `An empty list of namespaces allows no one to reach the proxy`() throws {
        let scene = try Scene(Samples.thanos, Samples.tenant("tenant-a", "{read: {allowFrom: []}}"))
        let policy = try scene.plan(tenant: "tenant-a").object("NetworkPolicy", "tenant-a-read")
        let rules = policy.json["spec", "ingress"]?.array ?? []
        // In Kubernetes an empty list of peers allows everyone, so there must be no rule with that port at all.
        #expect(rules == [["ports": [["port": "metrics", "protocol": "TCP"]]]])
    }

    @Test func `A tenant whose id is taken is refused, and the older tenant keeps the id`() throws {
        let scene = try Scene(
            Samples.thanos, Samples.tenant("a-newcomer", created: "2026-11-21T08:00:00Z", "{id: acme}"),
            Samples.tenant("the-first", created: "2026-11-20T08:00:00Z", "{id: acme}"))
        let newcomer = scene.plan(tenant: "a-newcomer")
        #expect(newcomer.objects == [])
        #expect(newcomer.keepsExisting)
        #expect(
            newcomer.messages == [
                "error: Tenant observability/a-newcomer: spec.id: \"acme\" is already the id of Tenant "
                    + "\"observability/the-first\"; each id belongs to one Tenant"
            ])
        #expect(try newcomer.readiness(of: "a-newcomer") == "False DuplicateID")
        let first = scene.plan(tenant: "the-first")
        #expect(first.messages == [])
        #expect(!first.objects.isEmpty)
    }

    @Test func `A tenant gets an id once the tenant that had it is deleted`() throws {
        var scene = try Scene(
            Samples.thanos, Samples.tenant("newcomer", created: "2026-11-21T08:00:00Z", "{id: acme}"),
            Samples.tenant("first", created: "2026-11-20T08:00:00Z", "{id: acme}"))
        scene.snapshot.take(.tenant(Scene.key("first"), nil))
        #expect(scene.plan(tenant: "newcomer").messages == [])
    }

    @Test func `A tenant of a missing global view gets an error that lists the existing ones`() throws {
        var scene = try Scene(Samples.tenant("tenant-a"))
        let none = scene.plan(tenant: "tenant-a")
        #expect(
            none.messages == [
                "error: Tenant observability/tenant-a: spec.globalViewRef.name: \"main\" is not a GlobalView of "
                    + "namespace \"observability\" (it has none)"
            ])
        #expect(try none.readiness(of: "tenant-a") == "False GlobalViewNotFound")
        #expect(none.keepsExisting)
        try scene.add(Samples.external.replacing("name: main", with: "name: other"))
        #expect(scene.plan(tenant: "tenant-a").messages.first?.hasSuffix("(it has: other)") == true)
    }

    @Test func `A tenant whose hashring does not exist is refused, and its existing objects stay`() throws {
        let scene = try Scene(
            Samples.thanos.replacing("hashring-1", with: "hashring-9"), Samples.tenant("tenant-b", "{hashring: ring-b}")
        )
        let plan = scene.plan(tenant: "tenant-b")
        #expect(
            plan.messages == [
                "error: Tenant observability/tenant-b: spec.hashring: \"ring-b\" is not a hashring of GlobalView "
                    + "\"main\" (it has: default, hashring-0, hashring-9)"
            ])
        #expect(plan.objects == [])
        #expect(plan.keepsExisting)
        #expect(try plan.readiness(of: "tenant-b") == "False HashringNotFound")
    }

    @Test func `A tenant without a hashring needs a soft hashring`() throws {
        let scene = try Scene(Samples.thanos.replacing("soft: true", with: "soft: false"), Samples.tenant("tenant-a"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.diagnostics.map(\.reason) == ["HashringNotFound"])
        #expect(plan.messages.first?.contains("has no soft hashring for all tenants") == true)
    }

    @Test func `A tenant whose name is too long for a Service gets an error`() throws {
        let name = String(repeating: "t", count: 59)
        let scene = try Scene(Samples.thanos, Samples.tenant(name))
        let plan = scene.plan(tenant: name)
        #expect(plan.objects == [])
        #expect(
            plan.messages == [
                "error: Tenant observability/\(name): metadata.name: \"\(name)\" should have at most 58 "
                    + "characters, contain only lower-case letters, digits and hyphens, start with a letter and "
                    + "end with "
                    + "a letter or digit: it becomes part of Service names"
            ])
    }

    @Test func `A tenant with the longest allowed name has valid objects`() throws {
        let name = String(repeating: "t", count: 58)
        let scene = try Scene(Samples.thanos, Samples.tenant(name))
        let plan = scene.plan(tenant: name)
        #expect(plan.messages == [])
        #expect(try plan.object("Service", "\(name)-read").name.utf8.count == 63)
    }

    @Test func `A tenant of Mimir writes with the tenant header and reads through its proxy`() throws {
        let scene = try Scene(Samples.external, Samples.tenant("tenant-a"))
        let plan = scene.plan(tenant: "tenant-a")
        let arguments = try plan.object("Deployment", "tenant-a-read").arguments
        #expect(arguments.contains("-upstream=https://mimir.example.org/prometheus"))
        #expect(arguments.contains("-label=tenant"))
        #expect(!arguments.contains("-enable-label-matchers-for-rules-api=true"))
        #expect(try plan.status(of: "tenant-a")["writeURL"] == "https://mimir.example.org/api/v1/push")
        #expect(try plan.status(of: "tenant-a")["hashring"] == nil)
    }

    @Test func `A tenant has no read URL if its global view has no query URL`() throws {
        let scene = try Scene(
            Samples.external.replacing("queryURL: https://mimir.example.org/prometheus", with: ""),
            Samples.tenant("tenant-a"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.objects == [])
        #expect(plan.diagnostics.map(\.reason) == ["NoQueryURL"])
        #expect(try plan.status(of: "tenant-a")["readURL"] == nil)
    }

    @Test func `Grafana's sidecar finds a tenant's datasource`() throws {
        let scene = try Scene(
            Samples.prometheus, Samples.tenant("tenant-a", "{grafana: {organization: 1, datasource: {name: Acme}}}"))
        let config = try scene.plan(tenant: "tenant-a").object("ConfigMap", "tenant-a-datasource")
        #expect(config.labels["grafana_datasource"] == "1")
        let text = try #require(config.json["data", "observability-tenant-a.yaml"]?.string)
        #expect(text.contains("orgId: 1"))
        #expect(text.contains("name: Acme"))
        #expect(text.contains("url: http://tenant-a-read.observability.svc:8080"))
    }
}
