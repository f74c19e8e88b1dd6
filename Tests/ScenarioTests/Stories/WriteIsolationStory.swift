import Kube
import PlanningInput
import TestSupport
import Testing
import YAML

@testable import Planning

@Suite("Writing as another tenant into a central Prometheus", .withPrometheus)
struct WriteIsolationStory {
    private static let manifests = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, namespace: observability}
        spec: {prometheus: {}, gateway: {}}
        ---
        apiVersion: tributary.dev/v1alpha1
        kind: Tenant
        metadata: {name: tenant-a, namespace: observability}
        spec: {globalViewRef: {name: main}, id: a}
        """

    /// The manifests for an installed Prometheus, and the diagnostics to expect of them.
    private static func example(_ installed: InstalledPrometheus) throws -> (Example, warnings: [String]) {
        var example = Example(try YAML.parse(manifests).map { Object($0.value) })
        example.use(installed)
        return (example, installed.warningsBehindGateway)
    }

    /// A central Prometheus and its relay, which run.
    private struct Servers {
        var central: Pod
        var process: ChildProcess
        var network: LoopbackNetwork
        var api: QueryAPI
        /// Where the relay takes writes.
        var relay: String
    }

    private static func start(_ installed: InstalledPrometheus, _ story: Story) async throws -> Servers {
        let (example, warnings) = try Self.example(installed)
        let rendered = try example.render(expecting: warnings)
        let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
        let relay = try Pod("Deployment", "main-relay", of: rendered)
        let network = try LoopbackNetwork(rendered, [central, relay])
        let process = try await story.start(central, installed.prometheus, network)
        let api = QueryAPI(url: try central.url(9090))
        try await QueryAPI.untilReady("\(api.url)/-/ready", process)
        let relayed = try await story.start(relay, Checkout.tributary, network)
        try await QueryAPI.untilReady("\(try relay.url(8081))/readyz", relayed)
        return Servers(
            central: central, process: process, network: network, api: api, relay: "\(try relay.url(8080))/write")
    }

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `Whatever a tenant writes, the relay stores it as the tenant's own`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Story.tell { story in
            let servers = try await Self.start(installed, story)
            let api = servers.api
            // Prometheus before 2.54 answers to remote write 2.0 as if it had stored something.
            let knowsSecond = !["2.42.", "2.53."].contains { installed.version.hasPrefix($0) }
            var accepted = 0
            for write in HostileWrite.all {
                let code = try await send(write, to: servers.relay, story)
                // An older version answers 500 to a native histogram.
                #expect(
                    write.isSecond && !knowsSecond ? code == 415 : [200, 204, 400, 500].contains(code),
                    "\(write.name): \(code)")
                if code < 300 { accepted += 1 }
            }
            #expect(accepted >= (knowsSecond ? 14 : 11), "\(accepted) of \(HostileWrite.all.count)")
            // What is answered is stored: without any waiting.
            #expect(try await send(Self.last("last"), to: servers.relay, story) == 204)
            #expect(try await !api.query("last").isEmpty)
            let stored = try await api.query("{__name__=~\"hostile_.+\"}")
            #expect(Set(stored.map { $0.labels["tenant"] }) == ["a"])
            // An older version drops series with names that it does not know, and does not say so.
            let least = knowsSecond ? accepted - 1 : 11
            #expect(Set(stored.compactMap { $0.labels["__name__"] }).count >= least, "\(stored.map(\.labels))")
            let tenants = try await curl(["\(api.url)/api/v1/label/tenant/values"])
            #expect(tenants.json["data"] == ["a"])
            for path in ["metadata", "query_exemplars?query=hostile_exemplar_total&start=0&end=9999999999"] {
                let answer = try await curl(["\(api.url)/api/v1/\(path)"])
                #expect(answer.code == 200 && !answer.body.contains("hostile"), "\(answer.body)")
            }
            // Nobody writes without the header of the gateway.
            #expect(try await send(Self.last("nobody"), to: servers.relay, story, tenant: nil) == 403)

            // A backlog that is older than the relay, as of a box at the edge.
            let backlog = HostileWrite(
                name: "backlog",
                message: WriteRequest.message(
                    [["__name__": "backlog", "tenant": "b"]], at: WriteRequest.now - 60 * 60 * 1000))
            #expect(try await send(backlog, to: servers.relay, story) == 204)
            let old = try await api.query("backlog[2h]")
            #expect(old.map { $0.labels["tenant"] } == ["a"] && old.first?.values == [1])

            // Straight to the central Prometheus the same writes are stored as tenant b's, so they are real attempts.
            for write in HostileWrite.all { _ = try await send(write, to: "\(api.url)/api/v1/write", story) }
            let straight = try await api.query("{__name__=~\"hostile_.+\",tenant=\"b\"}")
            #expect(straight.count >= 7, "\(straight.map(\.labels))")
        }
    }

    /// A gateway before the relay, with the tenants `a` and `b`.
    private static func gateway(before servers: Servers, _ story: Story) async throws -> RunningGateway {
        try await RunningGateway.start(
            story,
            GatewayConfiguration(
                routes: GatewayRoutes(writeURL: servers.relay, tenantHeader: GatewayNames.relayHeader),
                tenants: [.sample("a"), .sample("b")]))
    }

    @Test(.withNginx)
    func `Nobody tells the relay through the gateway that he is another tenant`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last)
        try await Story.tell { story in
            let servers = try await Self.start(installed, story)
            let url = "\(try await Self.gateway(before: servers, story).url)/tenants/write"
            let series = [["__name__": "forged", "tenant": "b"]]
            for forged in ["X-Tributary-Tenant", "x-tributary-tenant", "X_Tributary_Tenant", "X-Tributary-Tenant "] {
                for values in [["b"], ["a", "b"], ["b", "b"], [""]] {
                    let headers = ["Authorization: Bearer Write-Token-Of-a-new"] + values.map { "\(forged): \($0)" }
                    let code = try await RemoteWriter.write(series, to: url, headers: headers, story).code
                    // nginx refuses a blank before the colon. curl leaves a field without a value out.
                    #expect(code == (forged.hasSuffix(" ") && values != [""] ? 400 : 204), "\(headers)")
                }
            }
            let stored = try await servers.api.query("forged")
            #expect(stored.map { $0.labels["tenant"] } == ["a"])
        }
    }

    @Test(.withNginx, arguments: await InstalledPrograms.prometheuses)
    func `An agent sends again what the central Prometheus could not take, and nothing is lost`(
        _ installed: InstalledPrometheus
    ) async throws {
        let target = try await Target.start { "ticks{tenant=\"b\"} \($0)" }
        try await Story.tell { story in
            let servers = try await Self.start(installed, story)
            let gateway = try await Self.gateway(before: servers, story)
            let file = try story.directory.write(
                "agent.yaml",
                """
                global: {scrape_interval: 2s, scrape_timeout: 2s}
                scrape_configs: [{job_name: box, static_configs: [{targets: ['\(target.address)']}]}]
                remote_write:
                - url: \(gateway.url)/tenants/write
                  authorization: {credentials: Write-Token-Of-a-new}
                  queue_config: {batch_send_deadline: 200ms, max_backoff: 500ms}
                """)
            let agent = try story.start(
                "agent", installed.prometheus,
                [
                    installed.version.hasPrefix("2.") ? "--enable-feature=agent" : "--agent", "--config.file=\(file)",
                    "--storage.agent.path=\(story.directory.path("wal"))",
                    "--web.listen-address=127.0.0.1:\(try freePort())",
                ])
            try await eventually("the first samples arrive") {
                try #require(agent.isRunning, "\(agent.log)")
                return try await !servers.api.query("ticks").isEmpty
            }
            await servers.process.stop()
            #expect(try await send(Self.last("away"), to: servers.relay, story) == 502)
            let before = target.scrapes
            try await eventually("the agent scrapes meanwhile") { target.scrapes >= before + 5 }
            let process = try await story.start(servers.central, installed.prometheus, servers.network)
            try await QueryAPI.untilReady("\(servers.api.url)/-/ready", process)
            let after = target.scrapes
            try await eventually("every sample arrives, with the newest") {
                try await servers.api.hasEveryTick(upTo: after + 1, tenant: "a")
            }
        }
        await target.stop()
    }

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `All series of a spoke that belongs to a tenant are stored as the tenant's`(
        _ installed: InstalledPrometheus
    ) async throws {
        let pages = [
            "liar": "borrowed{tenant=\"b\"} 1\nplain 1\nempty{tenant=\"\"} 1\nCASE{Tenant=\"b\"} 1",
            "doubling": "doubled{tenant=\"b\",tenant=\"c\"} 1", "free": "free{tenant=\"b\"} 1",
        ]
        var targets: [String: Target] = [:]
        for (name, page) in pages { targets[name] = try await Target.start { _ in page } }
        var (example, warnings) = try Self.example(installed)
        example.change("GlobalView") { view in
            view["spec", "prometheus", "federate"] = .array(
                targets.sorted { $0.key < $1.key }.map { name, target in
                    let spoke: JSON = [
                        "name": JSON(name), "url": JSON("http://\(target.address)"), "match": ["{job!=\"\"}"],
                        "tenantRef": name == "free" ? .null : ["name": "tenant-a"], "scrapeInterval": "1s",
                    ]
                    return spoke.droppingNulls
                })
        }
        try await Story.tell { story in
            let rendered = try example.render(expecting: warnings)
            let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let server = try await story.start(
                central, installed.prometheus, try LoopbackNetwork(rendered, [central]))
            let api = QueryAPI(url: try central.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", server)
            try await eventually("the series of every spoke arrive") {
                let names = Set(try await api.query("{__name__=~\".+\"}").compactMap { $0.labels["__name__"] })
                return names.isSuperset(of: ["borrowed", "plain", "empty", "CASE", "free"])
                    && targets.values.allSatisfy { $0.scrapes >= 2 }
            }
            let stored = try await api.query("{__name__=~\"borrowed|plain|empty|CASE|doubled\"}")
            #expect(Set(stored.map { $0.labels["tenant"] }) == ["a"], "\(stored.map(\.labels))")
            // The spoke's own series of scraping are the tenant's, too.
            #expect(try await api.query("up{job=\"federate/liar\",tenant=\"a\"}").count == 1)
            // Without a tenant the labels of a spoke are stored as they come.
            #expect(try await api.query("free").map { $0.labels["tenant"] } == ["b"])
        }
        for target in targets.values { await target.stop() }
    }

    private static func last(_ name: String) -> HostileWrite {
        HostileWrite(name: name, message: WriteRequest.message([["__name__": name, "tenant": "b"]]))
    }

    /// Sends a write, with the header of the gateway that only the relay reads.
    private func send(
        _ write: HostileWrite, to url: String, _ story: Story, tenant: String? = "a"
    ) async throws -> Int {
        let body = try story.directory.write("body-\(write.name)", Snappy.encoded(write.message))
        let header = tenant.map { ["X-Tributary-Tenant: \($0)"] } ?? []
        let headers = (write.headers + header).flatMap { ["-H", $0] }
        return try await curl([url, "--data-binary", "@\(body)"] + headers).code
    }
}

extension InstalledPrometheus {
    /// The diagnostics to expect of a view with this version behind a gateway.
    var warningsBehindGateway: [String] {
        guard version.hasPrefix("2.") else { return [] }
        return [
            "warning: GlobalView observability/main: spec.prometheus.version: v\(version) can store samples of any future "
                + "time, after which it refuses those of all tenants as too old: a single write is enough; use v3.0.0 or "
                + "later"
        ]
    }
}
