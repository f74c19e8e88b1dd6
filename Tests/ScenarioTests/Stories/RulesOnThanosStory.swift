import Kube
import TestSupport
import Testing
import TributaryAPI

/// Rules where receivers tell tenants apart by a header that the gateway sets.
@Suite("Rules on a Thanos view", .withNginx, .withPromLabelProxy, .withThanos)
struct RulesOnThanosStory {
    private static func example(_ story: Story) throws -> Example {
        var example = try Example("thanos-managed")
        example.useBucket(of: story)
        example.remove("Tenant")
        example.change("GlobalView") { view in
            view["spec", "gateway"] = [:]
            view["spec", "thanos", "replicationFactor"] = 1
            view["spec", "thanos", "hashrings"] = [["name": "default", "soft": true, "replicas": 1]]
            view["spec", "rules"] = [
                "selector": [:], "namespaces": ["platform"], "evaluationInterval": "1s",
                "tenantLimits": ["shortestInterval": "1s"],
            ]
        }
        for id in ["a", "b"] {
            let rules: JSON = ["selector": [:], "namespaces": [JSON("team-\(id)")], "replicas": 2]
            example.add(
                Object(
                    Tenant.resource, namespace: "observability", name: "tenant-\(id)",
                    ["spec": ["globalViewRef": ["name": "main"], "id": JSON(id), "rules": rules]]))
            example.add(RuleAttempt.rule("team-\(id)", by: id))
        }
        example.add(RuleAttempt.rule("platform", by: "platform"))
        return example
    }

    @Test func `Results are the tenant's own, whatever label a rule sets, and the platform sees all`() async throws {
        try await Story.tell { story in
            var walls = try Walls(try Self.example(story), story)
            #expect(walls.diagnostics == [])
            let receiver = try walls.pod("StatefulSet", "main-receive-default")
            let queriers = try ["main-query", "main-query-tenants"].map { try walls.pod("Deployment", $0) }
            let router = try walls.pod("Deployment", "main-receive")
            for pod in [receiver, router] + queriers {
                try await walls.start(pod, InstalledPrograms.thanos, ready: [(10902, "/-/ready")])
            }
            let proxy = try walls.pod("Deployment", "main-read-proxy")
            try await walls.start(
                proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz"), (8082, "/healthz")])
            try await walls.startGateway()
            func write() async throws {
                for id in ["a", "b"] {
                    let token = try walls.writeToken("tenant-\(id)").bearer
                    for name in ["secret_of_\(id)", "shared"] {
                        #expect(try await walls.write(name, ["note": "only-\(id)"], token) == 200)
                    }
                }
            }
            try await write()
            for name in ["tenant-a-ruler", "tenant-b-ruler", "main-rules"] {
                _ = try await RulerPod(try walls.pod("Deployment", name), walls.network, story)
            }
            let all = QueryAPI(url: "http://\(walls.network.map("main-query.observability.svc:9090"))")
            try await eventually("all rules are evaluated") {
                try await write()
                let found = try await all.query("count by (tenant_id) ({__name__=~\"attempt_.*\"})")
                return Set(found.compactMap { $0.labels["tenant_id"] }) == ["a", "b", "platform-rules"]
            }
            let results = try await all.query("last_over_time({__name__=~\"attempt_a_.*\"}[1m])")
            #expect(Set(results.map { $0.labels["tenant_id"] }) == ["a"])
            #expect(results.filter { $0.labels.values.contains("only-b") }.map(\.labels) == [])
            let own = try await all.query("last_over_time({__name__=~\"attempt_b_.*\"}[1m])")
            #expect(Set(own.map { $0.labels["tenant_id"] }) == ["b"])
            #expect(own.contains { $0.labels.values.contains("only-b") })
            let platform = try await all.query("last_over_time({__name__=~\"attempt_platform_.*\"}[1m])")
            #expect(Set(platform.map { $0.labels["tenant_id"] }) == ["platform-rules"])
            #expect(platform.contains { $0.labels["note"] == "only-a" })
            #expect(platform.contains { $0.labels["note"] == "only-b" })
            let alerts = try await all.query("ALERTS")
            for alert in alerts {
                let owner = ["a": "Pretender_a", "b": "Pretender_b", "platform-rules": "Pretender_platform"]
                #expect(owner[alert.labels["tenant_id"] ?? ""] == alert.labels["alertname"], "\(alert)")
            }
        }
    }
}
