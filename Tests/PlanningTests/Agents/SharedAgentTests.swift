import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Agents of several tenants")
struct SharedAgentTests {
    static let agent = """
        apiVersion: tributary.dev/v1alpha1
        kind: PrometheusAgent
        metadata: {name: cluster, generation: 1}
        spec:
          tenantRefs:
          - {name: tenant-a, namespaces: [shop, cart]}
          - {name: tenant-b, namespaces: [bank]}
        """

    static func scene(_ more: String = "", view: String = Samples.external) throws -> Scene {
        try Scene(
            view, Samples.tenant("tenant-a", "{id: acme}"), Samples.tenant("tenant-b", "{id: bull}"), agent + more)
    }

    private func writes(_ scene: Scene) throws -> [JSON] {
        let plan = scene.plan(agent: "cluster")
        return try AgentPlannerTests.configuration(plan)["remote_write"]?.array ?? []
    }

    @Test func `A shared agent sends the series of each namespace as the tenant of that namespace`() throws {
        let writes = try writes(try Self.scene())
        #expect(writes.map { $0["name"] } == ["tenant/observability/tenant-a", "tenant/observability/tenant-b"])
        #expect(writes.map { $0["headers"] } == [["X-Scope-OrgID": "acme"], ["X-Scope-OrgID": "bull"]])
        #expect(
            writes.map { $0["write_relabel_configs"]?[0] } == [
                ["source_labels": ["namespace"], "regex": "cart|shop", "action": "keep"],
                ["source_labels": ["namespace"], "regex": "bank", "action": "keep"],
            ])
        for (write, id) in zip(writes, ["acme", "bull"]) {
            let last = write["write_relabel_configs"]?.array?.last
            #expect(last?["target_label"] == "tenant" && last?["replacement"] == JSON(id))
        }
    }

    @Test func `A shared agent selects series before its own relabel rules and labels them after`() throws {
        let more = """

              remoteWrite:
              - {name: tenant, queueConfig: {maxShards: 3}, headers: {x-scope-orgid: victim, X-Other: a}, \
            writeRelabelConfigs: [{targetLabel: namespace, replacement: bank}]}
              - {name: tenant/observability/tenant-b, basicAuth: {username: {name: b, key: user}, \
            password: {name: b, key: password}}}
              - {name: all, url: 'https://platform.example.org'}
            """
        let writes = try writes(try Self.scene(more))
        #expect(writes.count == 3)
        let rules = writes[0]["write_relabel_configs"]?.array ?? []
        #expect(rules.first?["action"] == "keep")
        #expect(rules.dropFirst().first == ["target_label": "namespace", "replacement": "bank"])
        #expect(writes[0]["headers"] == ["X-Other": "a", "X-Scope-OrgID": "acme"])
        #expect(writes[0]["queue_config"] == ["max_shards": 3])
        #expect(writes[1]["basic_auth"] != nil && writes[1]["queue_config"] == nil)
        // A remote write that belongs to no tenant gets all series.
        #expect(writes[2]["write_relabel_configs"] == nil)
    }

    @Test func `A shared agent is refused if a namespace belongs to two tenants`() throws {
        let twice = Self.agent.replacing("[bank]", with: "[bank, shop]")
        let plan = try Scene(
            Samples.external, Samples.tenant("tenant-a"), Samples.tenant("tenant-b"), twice
        ).plan(agent: "cluster")
        #expect(plan.messages.count == 1)
        #expect(
            plan.messages.first?.contains("\"shop\" is already assigned to Tenant \"observability/tenant-a\"") == true)
        #expect(try plan.readiness(of: "cluster") == "False InvalidSpec")
    }

    @Test func `A shared agent sends for the other tenants if one tenant does not exist`() throws {
        let plan = try Scene(Samples.external, Samples.tenant("tenant-b", "{id: bull}"), Self.agent)
            .plan(agent: "cluster")
        #expect(plan.messages.count == 1)
        #expect(plan.messages.first?.contains("there is no Tenant \"observability/tenant-a\"") == true)
        let writes = try AgentPlannerTests.configuration(plan)["remote_write"]?.array ?? []
        #expect(writes.map { $0["headers"] } == [["X-Scope-OrgID": "bull"]])
    }

    @Test func `A monitor cannot change which tenant its series belong to`() throws {
        var scene = try Self.scene("\n  scrapeConfigSelector: {}\n  scrapeConfigNamespaceSelector: {}")
        try scene.add(
            """
            apiVersion: monitoring.coreos.com/v1alpha1
            kind: ScrapeConfig
            metadata: {name: sly, namespace: shop}
            spec: {honorLabels: true, staticConfigs: [{targets: ['a:1'], labels: {namespace: bank}}]}
            """, namespace: "shop")
        let plan = scene.plan(agent: "cluster")
        let jobs = try AgentPlannerTests.configuration(plan)["scrape_configs"]?.array ?? []
        let job = try #require(jobs.first { $0["job_name"] == "scrapeConfig/shop/sly" })
        let rule: JSON = ["target_label": "namespace", "replacement": "shop"]
        #expect(job["relabel_configs"]?.array?.last == rule)
        #expect(job["metric_relabel_configs"]?.array?.last == rule)
    }

    @Test func `A change of a tenant concerns the shared agent`() throws {
        var scene = try Self.scene()
        for name in ["tenant-a", "tenant-b"] {
            #expect(scene.snapshot.take(.tenant(Scene.key(name), nil)).contains(.agent(Scene.key("cluster"))))
        }
    }
}
