import Kube
import TestSupport
import Testing
import TributaryAPI

/// All parts together, made from rendered objects alone: agents with their credentials, the gateway, the shared read proxy,
/// the querier that enforces the tenant, routers and receivers.
@Suite("Walls: a Thanos view from the agent to the query", .withNginx, .withPromLabelProxy, .withHeaders, .withThanos)
struct WallsOnThanosStory {
    /// A view with the tenants `a` and `b`, and `c` that also sees `a`. Each of the first two has an agent.
    private static func example(_ installed: InstalledPrometheus, _ targets: [String: Target], _ story: Story) throws
        -> Example
    {
        var example = try Example("thanos-managed")
        example.useBucket(of: story)
        example.remove("Tenant")
        example.change("GlobalView") { view in
            view["spec", "gateway"] = [:]
            view["spec", "ingress"] = [
                "host": "metrics.example.org", "path": "/platform", "tls": ["secretName": "metrics-tls"],
            ]
            view["spec", "thanos", "replicationFactor"] = 1
            view["spec", "thanos", "hashrings"] = [["name": "default", "soft": true, "replicas": 1]]
        }
        for id in ["a", "b", "c"] {
            var spec: JSON = ["globalViewRef": ["name": "main"], "id": JSON(id)]
            if targets[id] != nil { spec["agents"] = [["namespace": "monitoring", "name": JSON("agent-\(id)")]] }
            if id == "c" { spec["read"] = ["alsoSees": ["a"]] }
            example.add(Object(Tenant.resource, namespace: "observability", name: "tenant-\(id)", ["spec": spec]))
        }
        for (id, target) in targets.sorted(by: { $0.key < $1.key }) {
            let reference: JSON = ["namespace": "observability", "name": JSON("tenant-\(id)")]
            var agent = Example([
                Object(
                    PrometheusAgent.resource, namespace: "monitoring", name: "agent-\(id)",
                    ["spec": ["tenantRef": reference]])
            ])
            agent.use(installed)
            agent.hurry(scraping: [target])
            for object in agent.objects { example.add(object) }
        }
        return example
    }

    private static func start(_ example: Example, _ story: Story) async throws -> Walls {
        var walls = try Walls(example, story)
        #expect(walls.diagnostics == [])
        let receiver = try walls.pod("StatefulSet", "main-receive-default")
        let queriers = try ["main-query", "main-query-tenants"].map { try walls.pod("Deployment", $0) }
        let router = try walls.pod("Deployment", "main-receive")
        for pod in [receiver, router] + queriers {
            try await walls.start(pod, InstalledPrograms.thanos, ready: [(10902, "/-/ready")])
        }
        let proxy = try walls.pod("Deployment", "main-read-proxy")
        try await walls.start(proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz"), (8082, "/healthz")])
        try await walls.startGateway()
        return walls
    }

    @Test func `Nobody writes or reads as another tenant, and changes refuse no write`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        var targets: [String: Target] = [:]
        for id in ["a", "b"] {
            let other = id == "a" ? "b" : "a"
            targets[id] = try await Target.start { _ in
                """
                secret_of_\(id){note="only-\(id)"} 1
                shared{note="only-\(id)"} 1
                liar{tenant_id="\(other)",by="\(id)"} 1
                """
            }
        }
        try await Story.tell { story in
            var walls = try await Self.start(try Self.example(installed, targets, story), story)
            for id in ["a", "b"] { try await walls.startAgent("agent-\(id)", installed.prometheus) }
            try await Self.arrive(walls)
            try await Self.write(&walls)
            try await Self.read(walls)
            try await Self.readAlone(&walls)
            try await Self.rotate(&walls)
            try await Self.bringOff(&walls)
        }
        for target in targets.values { await target.stop() }
    }

    /// What operators find, who are behind no wall.
    static func all(_ walls: Walls) throws -> QueryAPI {
        QueryAPI(url: "http://\(walls.network.map("main-query.observability.svc:9090"))")
    }

    /// The agents' series arrive, each as its tenant's.
    private static func arrive(_ walls: Walls) async throws {
        let all = try all(walls)
        try await eventually("the series of both agents arrive") {
            try await Set(all.query("shared").compactMap { $0.labels["tenant_id"] }) == ["a", "b"]
        }
        for id in ["a", "b"] {
            #expect(try await all.query("secret_of_\(id)").map { $0.labels["tenant_id"] } == [id])
            #expect(try await all.query("liar{by=\"\(id)\"}").map { $0.labels["tenant_id"] } == [id])
        }
    }
}
