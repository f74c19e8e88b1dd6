import Kube
import TestSupport
import Testing
import TributaryAPI

/// The walls of the other kinds of global views, made from rendered objects alone.
@Suite("Walls: a central Prometheus and an external service", .withNginx, .withHeaders)
struct WallsStory {
    /// A view with the tenants `a` and `b`, and `c` that also sees `a`. The agent `agent` writes as `a`.
    static func example(_ view: JSON, _ installed: InstalledPrometheus, _ target: Target) throws -> Example {
        var example = Example([
            Object(GlobalView.resource, namespace: "observability", name: "main", ["spec": view])
        ])
        for id in ["a", "b", "c"] {
            var spec: JSON = ["globalViewRef": ["name": "main"], "id": JSON(id)]
            if id == "a" { spec["agents"] = [["namespace": "monitoring", "name": "agent"]] }
            if id == "c" { spec["read"] = ["alsoSees": ["a"]] }
            example.add(Object(Tenant.resource, namespace: "observability", name: "tenant-\(id)", ["spec": spec]))
        }
        example.add(
            Object(
                PrometheusAgent.resource, namespace: "monitoring", name: "agent",
                ["spec": ["tenantRef": ["namespace": "observability", "name": "tenant-a"]]]))
        example.use(installed)
        example.hurry(scraping: [target])
        return example
    }

    // MARK: - Prometheus

    /// A Secret with a certificate for the gateway at every address of a network, and the authority that signed it.
    private static func certificate(_ network: String, _ story: Story) async throws -> (secret: Object, path: String) {
        let (key, certificate) = (story.directory.path("gateway.key"), story.directory.path("gateway.crt"))
        let names = ["DNS:main-gateway.observability.svc"] + (1...8).map { "IP:\(network).\($0)" }
        let made = try await ChildProcess.run(
            try #require(InstalledPrograms.openssl),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=gateway", "-addext", "subjectAltName=\(names.joined(separator: ","))",
                "-keyout", key, "-out", certificate,
            ])
        try #require(made.code == 0, "\(made.output)")
        let text = try TemporaryDirectory.read(certificate)
        let data: JSON = [
            "tls.crt": JSON(text), "ca.crt": JSON(text), "tls.key": JSON(try TemporaryDirectory.read(key)),
        ]
        let secret = Object(
            .secrets, namespace: "observability", name: "gateway-tls",
            ["type": "kubernetes.io/tls", "stringData": data])
        return (secret, certificate)
    }

    @Test(.withPromLabelProxy)
    func `With HTTPS and a central Prometheus, nobody reads as another tenant`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        let target = try await Target.start { _ in "secret_of_a{note=\"only-a\"} 1\nshared{note=\"only-a\"} 1" }
        try await Story.tell { story in
            let network = Walls.randomNetwork()
            let (secret, authority) = try await Self.certificate(network, story)
            let view: JSON = [
                "prometheus": ["writeIsolation": "Trusted"], "gateway": ["tls": ["secretName": "gateway-tls"]],
            ]
            var example = try Self.example(view, installed, target)
            example.add(secret)
            var walls = try Walls(example, story, in: network, options: ["--cacert", authority])
            #expect(walls.diagnostics.filter { !$0.contains("writeIsolation") } == [])
            let central = try walls.pod("StatefulSet", "main-prometheus")
            try await walls.start(central, installed.prometheus, ready: [(9090, "/-/ready")])
            let proxy = try walls.pod("Deployment", "main-read-proxy")
            try await walls.start(proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz")])
            try await walls.startGateway()
            try await walls.startAgent("agent", installed.prometheus)

            let all = QueryAPI(url: try central.url(9090))
            try await eventually("the agent's series arrive") {
                try await all.query("shared").map { $0.labels["tenant"] } == ["a"]
            }
            for id in ["b", "c"] {
                let token = try walls.writeToken("tenant-\(id)").bearer
                for name in ["secret_of_\(id)", "shared"] {
                    #expect(try await walls.write(name, ["tenant": id, "note": "only-\(id)"], token) == 204)
                }
            }
            let (a, b, c) = (
                try walls.readToken("tenant-a"), try walls.readToken("tenant-b"), try walls.readToken("tenant-c")
            )
            let own = try walls.writeToken("tenant-a")
            for (header, write, read) in [
                ("X-None: x", 401, 401), (own.swappingCase.bearer, 401, 401), (own.bearer, 204, 403),
                (a.bearer, 403, 200), (a.swappingCase.bearer, 401, 401), ("\(a)x".bearer, 401, 401),
            ] {
                #expect(try await walls.write("probe", ["tenant": "a"], header) == write, "\(header)")
                #expect(try await walls.read(header, "X-Tributary-Tenants: a") == read, "\(header)")
            }
            for header in ["X-Tributary-Tenants: b", "x-tributary-tenants: a,b", "X_Tributary_Tenants: b"] {
                #expect(try await walls.ids("shared", "tenant", a, header) == ["a"], "\(header)")
                #expect(try await walls.ids("shared", "tenant", c, header) == ["a", "c"], "\(header)")
            }
            #expect(try await walls.ids("{tenant=~\".+\",note!=\"\"}", "tenant", c) == ["a", "c"])
            var found = try await walls.leaks("tenant", a)
            #expect(found == [])
            found = try await walls.leaks("tenant", c)
            #expect(found == [], "c also sees a")
            found = try await walls.leaks("tenant", b)
            #expect(found.count >= 30, "b sees its own in \(found.count) ways")
        }
        await target.stop()
    }
}
