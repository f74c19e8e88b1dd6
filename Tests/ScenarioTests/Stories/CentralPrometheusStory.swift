import TestSupport
import Testing

@Suite("Story 1: agents into one central Prometheus", .withPrometheus, .withNginx)
struct CentralPrometheusStory {
    /// Two replicas of an agent for tenant `a`, as in the example, and one agent for `b` in a cluster without its
    /// Tenant.
    @Test(arguments: await InstalledPrograms.prometheuses)
    func `Series arrive through the ingress with their tenant, and no scrape is lost in an outage`(
        _ installed: InstalledPrometheus
    ) async throws {
        let target = try await Target.start { "sequence \($0)\nborrowed{tenant=\"b\"} 1\nborrowed{tenant=\"c\"} 1" }
        try await Story.tell { story in
            var example = try Example("agents-into-prometheus")
            example.use(installed)
            if try await !installed.discoversInKubernetes { example.leaveOutKubernetesDiscovery() }
            example.hurry(scraping: [target])
            let rendered = try example.render()

            let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
            var network = try LoopbackNetwork(rendered, [central])
            var server = try await story.start(central, installed.prometheus, network)
            let api = QueryAPI(url: try central.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", server)
            let front = try await IngressFront(
                try rendered.object("Ingress", "main-write"), in: rendered, network, story)
            network.add("https://metrics.example.org", "https://localhost:\(front.port)")

            var other = try example.agent(forTenant: "tenant-b")
            other.use(installed)
            other.change("PrometheusAgent") {
                $0["spec", "externalLabels", "cluster"] = "eu-2"
                $0["spec", "scrapeConfigs"] = [
                    ["job_name": "agent", "static_configs": [["targets": ["localhost:9090"]]]]
                ]
            }
            other.hurry(scraping: [])
            let agents = [
                try Pod("StatefulSet", "cluster-agent", ordinal: 0, of: rendered),
                try Pod("StatefulSet", "cluster-agent", ordinal: 1, of: rendered),
                try Pod("StatefulSet", "tenant-b-agent", ordinal: 0, of: try other.render()),
            ]
            for agent in agents {
                try await story.start(
                    agent, installed.prometheus, network, environment: ["SSL_CERT_FILE": front.certificate])
            }

            try await eventually("every agent's series arrive") { try await api.query("up{job=\"agent\"}").count == 3 }
            try await expectLabels(of: "a", cluster: "eu-1", ["cluster-agent-0", "cluster-agent-1"], api)
            try await expectLabels(of: "b", cluster: "eu-2", ["tenant-b-agent-0"], api)
            try await expectOnlyWrites(through: front, api)

            // A target's own label with the name of the tenant label keeps its value under another name.
            try await eventually("a series that claims another tenant has the tenant of its agent") {
                Set(
                    try await api.query("borrowed").map {
                        "\($0.labels["tenant"] ?? ""),\($0.labels["exported_tenant"] ?? "")"
                    })
                    == ["a,b", "a,c"]
            }

            // The central Prometheus is away while each replica scrapes a few times.
            await server.stop()
            let before = target.scrapes
            try await eventually("the agents continue to scrape") { target.scrapes >= before + 8 }
            server = try await story.start(central, installed.prometheus, network)
            let last = target.scrapes
            try await eventually("the scrapes of the outage arrive") {
                // Queries fail until the server listens again.
                guard let series = try? await api.query("sequence{tenant=\"a\"}[10m]") else { return false }
                let arrived = Set(series.flatMap(\.values))
                guard arrived.contains(where: { $0 >= Double(last) }) else { return false }
                // If the agent gave up a scrape, as on a busy machine, its `up` is 0.
                let up = try await api.query("up{tenant=\"a\",job=\"app\"}[10m]").flatMap(\.values)
                let lost = (1...last).filter { !arrived.contains(Double($0)) }
                return lost.count <= up.count { $0 == 0 }
            }
        }
        await target.stop()
    }

    private func expectLabels(
        of tenant: String, cluster: String, _ replicas: [String], _ api: QueryAPI
    ) async throws {
        let series = try await api.query("up{tenant=\"\(tenant)\",job=\"agent\"}")
        #expect(series.map { $0.labels["cluster"] ?? "" } == replicas.map { _ in cluster })
        #expect(series.map { $0.labels["__replica__"] ?? "" }.sorted() == replicas)
        #expect(series.flatMap(\.values) == replicas.map { _ in 1 })
    }

    /// Expects that only writes pass the ingress, since tenants read through their proxies.
    private func expectOnlyWrites(through front: IngressFront, _ api: QueryAPI) async throws {
        func ask(_ arguments: [String]) async throws -> CurlResponse {
            let path = arguments.last ?? ""
            return try await curl(
                ["--cacert", front.certificate, "--path-as-is"] + arguments.dropLast()
                    + ["https://localhost:\(front.port)\(path)"])
        }
        // The receiver gets the request, and refuses it since it is not a valid write request.
        let junk = ["-H", "Content-Type: application/x-protobuf", "-d", "junk", "/prometheus/api/v1/write"]
        #expect(try await ask(junk).code == 400)
        #expect(try await ask(["/prometheus/api/v1/write"]).code == 405)
        for path in [
            "/prometheus/api/v1/query?query=up", "/api/v1/query?query=up", "/prometheus/federate?match[]=up",
            "/prometheus/api/v1/write/../query?query=up", "/prometheus/api/v1/write/..%2fquery?query=up",
            "/prometheus/api/v1/write%2f..%2fquery?query=up", "/prometheus/-/healthy", "/prometheus/", "/",
            "//prometheus/api/v1/query?query=up", "/prometheus/./api/v1/query?query=up", "/api/v1/write",
        ] {
            for method in ["GET", "POST", "PUT", "DELETE"] {
                let answer = try await ask(["-g", "-X", method, path])
                #expect([404, 405].contains(answer.code), "\(method) \(path): \(answer.code) \(answer.body)")
            }
        }
        #expect(try await curl(["\(api.url)/api/v1/query?query=up"]).code == 200)
    }
}
