import Kube
import TestSupport
import Testing
import TributaryAPI

/// A central Prometheus that asks everybody for a password.
@Suite("The password of a central Prometheus", .withPrometheus)
struct CentralLoginStory {
    private static let password = #"it's "p$ss" wörd"#

    private static func example(_ installed: InstalledPrometheus, _ password: String = password) -> Example {
        var example = Example([
            Object(
                GlobalView.resource, namespace: "observability", name: "main",
                [
                    "spec": [
                        "gateway": [:],
                        "prometheus": [
                            "web": [
                                "basicAuth": [
                                    "username": ["name": "login", "key": "user"],
                                    "password": ["name": "login", "key": "pass"],
                                ]
                            ]
                        ],
                    ]
                ]),
            Object(
                .secrets, namespace: "observability", name: "login",
                ["stringData": ["user": "central\n", "pass": JSON(password)]]),
            Object(
                Tenant.resource, namespace: "observability", name: "tenant-a",
                ["spec": ["globalViewRef": ["name": "main"], "id": "a"]]),
        ])
        example.use(installed)
        return example
    }

    private static let login = ["-u", "central:\(password)"]

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `Prometheus answers who has the password, the probes have it, and nobody else gets in`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Story.tell { story in
            let rendered = try Self.example(installed).render(expecting: installed.warningsBehindGateway)
            let pod = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let relay = try Pod("Deployment", "main-relay", of: rendered)
            let network = try LoopbackNetwork(rendered, [pod, relay])
            let process = try await story.start(pod, installed.prometheus, network)
            let url = try pod.url(9090)
            try await eventually("Prometheus is ready", within: .seconds(90)) {
                try #require(process.isRunning, "\(process.log)")
                return try await curl(["\(url)/-/ready"] + Self.login).code == 200
            }
            for path in ["/-/ready", "/api/v1/query?query=up", "/api/v1/write", "/federate", "/metrics"] {
                #expect(try await curl(["\(url)\(path)"]).code == 401)
                #expect(try await curl(["\(url)\(path)", "-u", "central:wrong"]).code == 401)
                #expect(try await curl(["\(url)\(path)", "-u", "other:\(Self.password)"]).code == 401)
            }
            try await Self.checkProbe(pod, rendered, story)
            let relayed = try await story.start(relay, Checkout.tributary, network)
            try await QueryAPI.untilReady("\(try relay.url(8081))/readyz", relayed)
            let writes = "\(try relay.url(8080))/write"
            let tenant = ["X-Tributary-Tenant: a"]
            let written = try await RemoteWriter.write([["__name__": "x"]], to: writes, headers: tenant, story)
            #expect(written.code == 204, "\(written.body)")
            let found = try await curl(["\(url)/api/v1/query?query=x"] + Self.login)
            #expect(found.body.contains("\"tenant\":\"a\""), "\(found.body)")
            // With a wrong password, agents get no status on which they would drop what they have.
            var changed = relay
            changed.rendered = try Self.example(installed, "other").render(expecting: installed.warningsBehindGateway)
            try changed.fillVolumes(in: story.directory, network)
            let refused = try await RemoteWriter.write([["__name__": "x"]], to: writes, headers: tenant, story)
            #expect(refused.code == 502, "\(refused.body)")
        }
    }

    /// Runs the command of the readiness probe on this machine.
    private static func checkProbe(_ pod: Pod, _ rendered: Rendered, _ story: Story) async throws {
        let container = try rendered.object("StatefulSet", "main-prometheus").json[
            "spec", "template", "spec", "containers"]
        let probe = container?[0]?["readinessProbe"]
        #expect(probe?["httpGet"] == nil, "a probe of the kubelet would have the password in the pod")
        let command = (probe?["exec", "command"]?.array ?? []).compactMap(\.string)
        try #require(command.count == 3 && !command.joined().contains(password))
        guard ChildProcess.find("wget") != nil else { return }
        let folder = try #require(pod.mountedFolder("/etc/prometheus/secrets/login", in: story.directory))
        func run(_ script: String) async throws -> Int32 {
            let script = script.replacing("/etc/prometheus/secrets/login", with: folder)
                .replacing("127.0.0.1:9090", with: try pod.address(9090))
            return try await ChildProcess.run("/bin/sh", ["-c", script]).code
        }
        #expect(try await run(command[2]) == 0)
        #expect(try await run(command[2].replacing("/pass)", with: "/user)")) != 0)
    }

    @Test(.withNginx, .withPromLabelProxy, .withThanos)
    func `Tenants and the platform's rules do not notice the password of a central Prometheus`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last)
        try await Story.tell { story in
            var example = Self.example(installed)
            example.change("GlobalView") { view in
                view["spec", "rules"] = ["selector": [:], "namespaces": ["platform"], "evaluationInterval": "1s"]
            }
            example.add(RuleAttempt.rule("platform", by: "platform"))
            var walls = try Walls(example, story)
            let central = try walls.pod("StatefulSet", "main-prometheus")
            let process = try await story.start(central, installed.prometheus, walls.network)
            let url = try central.url(9090)
            try await eventually("Prometheus is ready", within: .seconds(90)) {
                try #require(process.isRunning, "\(process.log)")
                return try await curl(["\(url)/-/ready"] + Self.login).code == 200
            }
            let relay = try walls.pod("Deployment", "main-relay")
            try await walls.start(relay, Checkout.tributary, ready: [(8081, "/readyz")])
            let proxy = try walls.pod("Deployment", "main-read-proxy")
            try await walls.start(proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz")])
            try await walls.startGateway()
            let token = try walls.writeToken("tenant-a").bearer
            try await eventually("the tenant writes", within: .seconds(90)) {
                try await walls.write("shared", ["note": "only-a"], token) == 204
            }
            let reader = try walls.readToken("tenant-a")
            #expect(try await walls.ids("shared", "tenant", reader) == ["a"])
            _ = try await RulerPod(try walls.pod("Deployment", "main-rules"), walls.network, story)
            try await eventually("results of the platform's rules are stored", within: .seconds(90)) {
                _ = try await walls.write("shared", ["note": "only-a"], token)
                return try await curl(
                    ["\(url)/api/v1/query", "-d", "query=count({__name__=~\"attempt_platform_.*\"})"] + Self.login
                ).json["data", "result"]?.array?.isEmpty == false
            }
        }
    }
}
