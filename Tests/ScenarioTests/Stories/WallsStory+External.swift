import Kube
import Planning
import TestSupport
import Testing
import TributaryAPI

extension WallsStory {
    /// Lets the agent write as `a` and `b`, each with the series of one namespace.
    private static func share(_ example: inout Example, _ target: Target) {
        for id in ["a", "b"] {
            example.change("Tenant", "tenant-\(id)") {
                $0["spec", "agents"] = [["namespace": "monitoring", "name": "agent"]]
            }
        }
        example.change("PrometheusAgent") { agent in
            agent["spec", "tenantRef"] = nil
            let shares = [("a", "shop"), ("b", "bank")]
            agent["spec", "tenantRefs"] = .array(
                shares.map { id, namespace in
                    [
                        "namespace": "observability", "name": JSON("tenant-\(id)"), "namespaces": [JSON(namespace)],
                    ]
                })
            let targets = (shares.map(\.1) + ["nobody"]).map { namespace -> JSON in
                ["targets": [JSON(target.address)], "labels": ["namespace": JSON(namespace)]]
            }
            agent["spec", "scrapeConfigs"] = [["job_name": "app", "static_configs": .array(targets)]]
        }
    }

    @Test func `An external service gets the tenant's header and no credential, whatever the caller sends`()
        async throws
    {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        let target = try await Target.start { _ in "written 1" }
        let backend = try await GatewayBackend.start()
        try await Story.tell { story in
            let service = "http://mimir.example.org:\(backend.server.port)"
            let view: JSON = [
                "gateway": [:],
                "ingress": [
                    "host": "metrics.example.org", "path": "/platform", "tls": ["secretName": "metrics-tls"],
                ],
                "external": [
                    "writeURL": JSON("\(service)/api/v1/push"), "queryURL": JSON("\(service)/prometheus"),
                    "tenantHeader": "X-Scope-OrgID",
                ],
            ]
            var example = try Self.example(view, installed, target)
            example.change("Tenant", "tenant-c") { $0["spec", "read"] = nil }
            Self.share(&example, target)
            var walls = try Walls(example, story)
            #expect(walls.diagnostics == [])
            try await walls.startGateway(others: ["mimir.example.org": "127.0.0.1"])
            try await walls.startAgent("agent", installed.prometheus)
            try await eventually("the agent writes as both of its tenants") {
                Set(backend.server.requests.compactMap { $0.header("X-Scope-OrgID") }) == ["a", "b"]
            }
            let (write, read) = (try walls.writeToken("tenant-b"), try walls.readToken("tenant-b"))
            for header in [
                "X-None: x", "X-Scope-OrgID: a", "x-scope-orgid: a", "X_Scope_OrgID: a", "THANOS-TENANT: a",
                "Connection: X-Scope-OrgID", "X-Scope-OrgID: a|b", "X-Scope-OrgID;",
            ] {
                #expect(try await walls.write("probe", [:], header, write.bearer) == 200, "\(header)")
                #expect(try await walls.read(header, read.bearer) == 200, "\(header)")
            }
            #expect(try await walls.write("probe", [:], "X-Scope-OrgID: b", read.bearer) == 403)
            #expect(try await walls.write("probe", [:], "X-Scope-OrgID: b", write.swappingCase.bearer) == 401)
            #expect(try await walls.read("X-Scope-OrgID: b") == 401)
            let requests = backend.server.requests
            #expect(Set(requests.map(\.path)) == ["/api/v1/push", "/prometheus/api/v1/query"])
            for request in requests {
                let ids = request.headers.filter { $0.name.lowercased().contains("org") }.map(\.value)
                let isAgent = request.header("User-Agent")?.contains("Prometheus") == true
                #expect(isAgent ? ids == ["a"] || ids == ["b"] : ids == ["b"], "\(request.headers)")
                for series in WriteRequest.series(in: Snappy.decoded(request.body) ?? []) where isAgent {
                    #expect(series["namespace"] == (ids == ["a"] ? "shop" : "bank") && series["tenant"] == ids.first)
                }
                #expect(request.header("Authorization") == nil && request.header("THANOS-TENANT") == nil)
                #expect(request.header("Host") == "mimir.example.org:\(backend.server.port)")
            }
            try await Self.writeFromOutside(walls, installed, target) {
                backend.server.requests.contains { request in
                    request.header("X-Scope-OrgID") == "c" && !request.body.isEmpty
                }
            }
        }
        await backend.server.stop()
        await target.stop()
    }

    /// An agent in another cluster, which has no more than `tributary render --tenant --show-secrets` prints, writes as
    /// `c` through the Ingress.
    private static func writeFromOutside(
        _ walls: Walls, _ installed: InstalledPrometheus, _ target: Target, _ hasArrived: () -> Bool
    ) async throws {
        let front = try await IngressFront(
            try walls.rendered.object("Ingress", "main-gateway"), in: walls.rendered, walls.network, walls.story)
        var printed = Example([])
        for var object in try walls.planner().manifests(forTenant: "tenant-c", needsCredential: true) {
            object.json["metadata", "namespace"] = "elsewhere"
            printed.add(object)
        }
        printed.use(installed)
        printed.hurry(scraping: [target])
        let rendered = try printed.render()
        var network = try LoopbackNetwork(rendered)
        network.add("https://metrics.example.org", "https://localhost:\(front.port)")
        try await walls.story.start(
            try Pod("StatefulSet", "tenant-c-agent", of: rendered), installed.prometheus, network,
            environment: ["SSL_CERT_FILE": front.certificate])
        try await eventually("the agent of another cluster writes") { hasArrived() }

        // The Ingress leads to the gateway, which asks for a credential, and nowhere else.
        let token = try walls.readToken("tenant-c").bearer
        for (path, header, status) in [
            ("/platform/tenants/read/api/v1/query?query=up", token, 200),
            ("/platform/tenants/read/api/v1/query?query=up", "X-Scope-OrgID: c", 401),
            ("/platform/tenants/read/../../api/v1/query", token, 404), ("/api/v1/query?query=up", token, 404),
            ("/platform/prometheus/api/v1/query?query=up", token, 404), ("/tenants/read/api/v1/query", token, 404),
        ] {
            let answer = try await curl([
                "--path-as-is", "--cacert", front.certificate, "https://localhost:\(front.port)\(path)", "-H", header,
            ])
            #expect(answer.code == status, "\(path) with \(header): \(answer.code)")
        }
    }
}
