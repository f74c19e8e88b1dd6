import Kube
import TestSupport
import Testing
import TributaryAPI

/// The example with everything, as it is in its folder but for the address of S3, and with the agents of all tenants.
@Suite(
    "Story 4: Thanos with everything", .withNginx, .withPromLabelProxy, .withHeaders, .withThanos, .withS3Server)
struct CompleteThanosStory {
    /// The tenants, with the number of targets of each: the agent of the example scrapes itself as well.
    private static let tenants = ["tenant-a": 1.0, "tenant-b": 1, "sre": 2]
    private static let hashrings = ["hashring-0": ["tenant-a", "tenant-b"], "default": ["sre"]]

    @Test func `Three tenants write through the gateway and are read apart, from receivers and then from S3 alone`()
        async throws
    {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        var targets: [String: Target] = [:]
        for tenant in Self.tenants.keys {
            let note = "only-\(tenant.split(separator: "-").last ?? "")"
            targets[tenant] = try await Target.start { _ in
                "secret_of_\(note.last ?? "x"){note=\"\(note)\"} 1\nshared{note=\"\(note)\"} 1"
            }
        }
        try await Story.tell { story in
            let address = try await story.startS3(bucket: "thanos")
            var walls = try Walls(try Self.example(installed, targets, at: address), story)
            #expect(walls.diagnostics == [])
            let pods = try await Self.start(&walls)
            for tenant in Self.tenants.keys { try await walls.startAgent(tenant, installed.prometheus) }
            try await Self.expectReads(walls, pods)
            try await Self.expectHashrings(pods.receivers)

            // Receivers upload what they have when they end, and nobody else has it.
            await withTaskGroup { group in
                for pod in pods.receivers.values.flatMap({ $0 }) {
                    group.addTask { try? await story.end(pod.name, patience: .seconds(120)) }
                }
            }
            try await walls.start(pods.store, InstalledPrograms.thanos, ready: [(10902, "/-/ready")])
            try await Self.expectReads(walls, pods)
        }
        for target in targets.values { await target.stop() }
    }

    private static func example(
        _ installed: InstalledPrometheus, _ targets: [String: Target], at address: String
    ) throws -> Example {
        var example = try Example("thanos-complete")
        example.change("Secret", "thanos-objectstorage") { secret in
            let text = secret["stringData", "thanos.yaml"]?.string ?? ""
            secret["stringData", "thanos.yaml"] = JSON(
                text.replacing("s3.eu-central-1.amazonaws.com", with: "\"\(address)\"\n  insecure: true"))
        }
        // The agents of hard tenants are in other clusters, which this machine has none of.
        var agents = example.objects.filter { $0.kind == "PrometheusAgent" }
        example.remove("PrometheusAgent")
        for tenant in tenants.keys where !agents.contains(where: { $0.name == tenant }) {
            let reference: JSON = ["namespace": "observability", "name": JSON(tenant)]
            agents.append(
                Object(
                    PrometheusAgent.resource, namespace: "monitoring", name: tenant, ["spec": ["tenantRef": reference]])
            )
            example.change("Tenant", tenant) {
                $0["spec", "agents"] = [["namespace": "monitoring", "name": JSON(tenant)]]
            }
        }
        for object in agents {
            var agent = Example([object])
            agent.use(installed)
            agent.hurry(scraping: [try #require(targets[object.name])])
            for object in agent.objects { example.add(object) }
        }
        return example
    }

    // MARK: - Pods

    private struct Pods {
        var receivers: [String: [Pod]] = [:]
        var store: Pod
        var frontend: Pod
    }

    /// Starts all receivers, and one of each other pod. The Store Gateway is left for later.
    private static func start(_ walls: inout Walls) async throws -> Pods {
        var pods = Pods(
            store: try walls.pod("StatefulSet", "main-store"),
            frontend: try walls.pod("Deployment", "main-query-frontend"))
        for hashring in hashrings.keys {
            pods.receivers[hashring] = try (0..<3).map {
                try walls.pod("StatefulSet", "main-receive-\(hashring)", ordinal: $0)
            }
        }
        let others = try ["main-receive", "main-query", "main-query-tenants", "main-query-frontend-tenants"].map {
            try walls.pod("Deployment", $0)
        }
        let proxy = try walls.pod("Deployment", "main-read-proxy")
        for pod in pods.receivers.values.flatMap({ $0 }) + others + [pods.frontend] {
            try await walls.start(pod, InstalledPrograms.thanos, ready: [(10902, "/-/ready")])
        }
        try await walls.start(proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz")])
        try await walls.startGateway()
        return pods
    }

    // MARK: - What is read

    /// Operators find the series of all tenants, each sample once; a tenant finds its own, whatever it asks.
    private static func expectReads(_ walls: Walls, _ pods: Pods) async throws {
        let all = QueryAPI(url: try pods.frontend.url(10902))
        try await eventually("operators find the targets of three tenants", within: .seconds(120)) {
            let counts = try await all.query("count(up) by (tenant_id)").map {
                ($0.labels["tenant_id"] ?? "", $0.values.first ?? 0)
            }
            return Dictionary(counts) { first, _ in first } == tenants
        }
        for tenant in tenants.keys {
            let token = try walls.readToken(tenant)
            try await eventually("\(tenant) finds its own series", within: .seconds(60)) {
                try await walls.ids("shared", "tenant_id", token) == [tenant]
            }
            for query in ["up", "{job=~\".+\",tenant_id=~\".+\"}", "count(up) by (tenant_id)"] {
                let found = try await walls.ids(query, "tenant_id", token, "THANOS-TENANT: tenant-b")
                #expect(found == [tenant], "\(query)")
            }
        }
        let found = try await walls.leaks("tenant_id", try walls.readToken("tenant-a"))
        #expect(found == [])
        let shown = try await walls.leaks("tenant_id", try walls.readToken("tenant-b"))
        #expect(shown.count >= 30, "tenant-b sees its own in \(shown.count) ways")
    }

    /// The series of each tenant are on receivers of its hashring alone, each on two of them.
    private static func expectHashrings(_ receivers: [String: [Pod]]) async throws {
        for (hashring, pods) in receivers {
            var holders: [String: Int] = [:]
            for pod in pods { for tenant in try await pod.tenants() { holders[tenant, default: 0] += 1 } }
            #expect(holders.keys.sorted() == hashrings[hashring], "\(hashring)")
            #expect(holders.values.allSatisfy { $0 >= 2 }, "\(holders)")
        }
    }
}
