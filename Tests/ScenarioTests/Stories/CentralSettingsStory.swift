import Kube
import PlanningInput
import TestSupport
import Testing
import YAML

@testable import Planning

@Suite("The settings of a central Prometheus", .withPrometheus)
struct CentralSettingsStory {
    private static func example(_ settings: String, _ installed: InstalledPrometheus) throws -> Example {
        var example = Example(
            try YAML.parse(
                """
                apiVersion: tributary.dev/v1alpha1
                kind: GlobalView
                metadata: {name: main, namespace: observability}
                spec:
                  prometheus: \(settings)
                """
            ).map { Object($0.value) })
        example.use(installed)
        return example
    }

    private static let everything = """
        {retention: 30d, retentionSize: 10GB, outOfOrderTimeWindow: 6h, externalLabels: {region: eu, price: "5$"}, \
        enableFeatures: [exemplar-storage], walCompression: true, externalUrl: "http://p.example.org/base", \
        logLevel: debug, logFormat: json, scrapeInterval: 1s, scrapeTimeout: 1s, \
        additionalArgs: [{name: query.max-samples, value: "1000000"}], \
        alerting: {alertmanagers: [{name: far, targets: ["127.0.0.1:1"], pathPrefix: /am, timeout: 5s}]}, \
        scrapeConfigs: [{job_name: own, static_configs: [{targets: ["localhost:9090"]}]}]}
        """

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `Each Prometheus starts with every setting, and does what it says`(_ installed: InstalledPrometheus)
        async throws
    {
        try await Story.tell { story in
            let rendered = try Self.example(Self.everything, installed).render()
            let pod = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let process = try await story.start(pod, installed.prometheus, try LoopbackNetwork(rendered, [pod]))
            let api = QueryAPI(url: try pod.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", process)
            try await eventually("it scrapes itself", within: .seconds(90)) {
                try await api.query("up{job=\"own\"}").first?.values == [1]
            }
            let flags = try await curl(["\(api.url)/api/v1/status/flags"]).json["data"]
            #expect(flags?["storage.tsdb.retention.time"] == "30d")
            #expect(flags?["storage.tsdb.retention.size"]?.string?.hasPrefix("10G") == true)
            #expect(flags?["query.max-samples"] == "1000000" && flags?["web.route-prefix"] == "/")
            let loaded = try await curl(["\(api.url)/api/v1/status/config"]).json["data", "yaml"]?.string ?? ""
            #expect(loaded.contains("out_of_order_time_window: 6h") && loaded.contains("region: eu"))
            #expect(loaded.contains("price: 5$") && !loaded.contains("price: 5$$"))
            let alertmanagers = try await curl(["\(api.url)/api/v1/alertmanagers"]).json["data", "activeAlertmanagers"]
            #expect(alertmanagers?[0]?["url"]?.string?.contains("127.0.0.1:1/am/") == true)
            // An external label is on what is pulled.
            let pulled = try await curl(["-g", "\(api.url)/federate?match[]=up"])
            #expect(pulled.body.contains("region=\"eu\""), "\(pulled.body)")
        }
    }

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `A box at the edge that was away for 3 hours is caught up, after others have written`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Story.tell { story in
            let rendered = try Self.example("{}", installed).render()
            let pod = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let process = try await story.start(pod, installed.prometheus, try LoopbackNetwork(rendered, [pod]))
            let api = QueryAPI(url: try pod.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", process)
            func write(hoursAgo: Double) async throws -> Int {
                let time = WriteRequest.now - UInt64(hoursAgo * 3_600_000)
                let message = WriteRequest.message([["__name__": "box", "site": "edge"]], at: time)
                let body = try story.directory.write("body-\(hoursAgo)", Snappy.encoded(message))
                return try await curl([
                    "\(api.url)/api/v1/write", "--data-binary", "@\(body)", "-H", "Content-Encoding: snappy", "-H",
                    "Content-Type: application/x-protobuf",
                ]).code
            }
            for hours in [0, 3, 2.5, 1.5, 3.9] {
                let code = try await write(hoursAgo: hours)
                #expect(code == 204, "\(hours) h: \(code)")
            }
            let stored = try await api.query("box[5h]")
            #expect(stored.first?.values.count == 5)
            let tooOld = try await write(hoursAgo: 5)
            // Agents keep nothing that is older.
            #expect(tooOld == (installed.version.hasPrefix("2.42.") ? 500 : 400))
        }
    }

    @Test(.withNginx)
    func `Others pull through the gateway with the credential for reading of a tenant, and nobody else`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last)
        try await Story.tell { story in
            let rendered = try Self.example(Self.everything, installed).render()
            let pod = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let process = try await story.start(pod, installed.prometheus, try LoopbackNetwork(rendered, [pod]))
            let api = QueryAPI(url: try pod.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", process)
            try await eventually("it scrapes itself", within: .seconds(90)) { try await !api.query("up").isEmpty }
            var configuration = GatewayConfiguration(
                routes: GatewayRoutes(readURL: api.url, servesFederate: true), tenants: [.sample("a")])
            let gateway = try await RunningGateway.start(story, configuration)
            let url = "\(gateway.url)/tenants/read/federate"
            func pull(_ options: [String], _ url: String) async throws -> (code: Int, body: String) {
                let answer = try await curl(["-g", "\(url)?match[]=up"] + options)
                return (answer.code, answer.body)
            }
            let reader = ["-H", "Authorization: Bearer Read-Token-Of-a-new"]
            let pulled = try await pull(reader, url)
            #expect(pulled.code == 200 && pulled.body.contains("up{"), "\(pulled)")
            let queried = try await curl(["\(gateway.url)/tenants/read/api/v1/query?query=up"] + reader)
            #expect(queried.code == 200)
            #expect(try await pull([], url).code == 401)
            #expect(try await pull(["-H", "Authorization: Bearer Write-Token-Of-a-new"], url).code == 403)
            #expect(try await pull(reader + ["-X", "POST"], url).code == 405)
            for path in ["\(url)/", "\(gateway.url)/federate", "\(url)/../federate/x"] {
                #expect(try await pull(reader + ["--path-as-is"], path).code == 404, "\(path)")
            }
            configuration.routes.servesFederate = false
            try await gateway.waitUntilServed(try gateway.replace(configuration))
            #expect(try await pull(reader, url).code == 404)
        }
    }

    @Test(.enabled(if: InstalledPrograms.openssl != nil), arguments: await InstalledPrograms.prometheuses)
    func `The relay and the read proxy reach a central Prometheus with TLS, and no impostor`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Story.tell { story in
            var example = try Self.example(
                """
                {web: {tlsConfig: {cert: {secret: {name: web, key: tls.crt}}, keySecret: {name: web, key: tls.key}},
                       ca: {secret: {name: web, key: ca.crt}}}}
                  gateway: {}
                """, installed)
            let (certificate, key) = try await Self.certificate(story, "web")
            let (other, _) = try await Self.certificate(story, "other")
            func secret(_ authorities: String) -> Object {
                Object(
                    .secrets, namespace: "observability", name: "web",
                    [
                        "stringData": [
                            "tls.crt": JSON(certificate), "tls.key": JSON(key), "ca.crt": JSON(authorities),
                        ]
                    ])
            }
            example.add(secret(certificate))
            let rendered = try example.render(expecting: installed.warningsBehindGateway)
            let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let relay = try Pod("Deployment", "main-relay", of: rendered)
            let proxy = try Pod("Deployment", "main-read-proxy", of: rendered)
            let network = try LoopbackNetwork(rendered, [central, relay, proxy])
            let process = try await story.start(central, installed.prometheus, network)
            let url = "https://\(try central.address(9090))"
            let ca = ["--cacert", story.directory.path("web.crt")]
            try await eventually("Prometheus is ready", within: .seconds(90)) {
                try #require(process.isRunning, "\(process.log)")
                return try await curl(["\(url)/-/ready"] + ca).code == 200
            }
            let relayed = try await story.start(relay, Checkout.tributary, network)
            try await QueryAPI.untilReady("\(try relay.url(8081))/readyz", relayed)
            let writes = "\(try relay.url(8080))/write"
            let tenant = ["X-Tributary-Tenant: a"]
            let written = try await RemoteWriter.write([["__name__": "x"]], to: writes, headers: tenant, story)
            #expect(written.code == 204, "\(written.body)")
            let found = try await curl(["\(url)/api/v1/query?query=x"] + ca)
            #expect(found.body.contains("\"tenant\":\"a\""), "\(found.body)")
            if let program = InstalledPrograms.promLabelProxy {
                _ = try await story.start(proxy, program, network)
                let reads = "\(try proxy.url(8080))/api/v1/query?query=x"
                try await eventually("the read proxy answers", within: .seconds(90)) {
                    try await curl([reads, "-H", "\(GatewayNames.readHeader): a"]).body.contains("\"tenant\":\"a\"")
                }
            }
            // Renewed authorities count at once: with those of another nobody is trusted.
            var renewed = example
            renewed.remove("Secret")
            renewed.add(secret(other))
            var pod = relay
            pod.rendered = try renewed.render(expecting: installed.warningsBehindGateway)
            try pod.fillVolumes(in: story.directory, network)
            let refused = try await RemoteWriter.write([["__name__": "x"]], to: writes, headers: tenant, story)
            #expect(refused.code == 502, "\(refused.code) \(refused.body)")
        }
    }

    /// A certificate for this machine that is its own authority, with its key.
    private static func certificate(_ story: Story, _ name: String) async throws -> (String, String) {
        let (certificate, key) = (story.directory.path("\(name).crt"), story.directory.path("\(name).key"))
        let made = try await ChildProcess.run(
            try #require(InstalledPrograms.openssl),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        try #require(made.code == 0, "\(made.output)")
        return (try TemporaryDirectory.read(certificate), try TemporaryDirectory.read(key))
    }
}
