import Kube
import TestSupport
import Testing
import YAML

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
        guard installed.version.hasPrefix("2.") else { return (example, []) }
        return (
            example,
            [
                "warning: GlobalView observability/main: spec.prometheus.version: v\(installed.version) can store "
                    + "samples of any future time, after which it refuses those of all tenants as too old: a single "
                    + "write is enough; use v3.0.0 or later"
            ]
        )
    }

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `Whatever a tenant writes, its relay stores it as the tenant's own`(
        _ installed: InstalledPrometheus
    ) async throws {
        let (example, warnings) = try Self.example(installed)
        try await Story.tell { story in
            let rendered = try example.render(expecting: warnings)
            let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let relay = try Pod("Deployment", "tenant-a-relay", of: rendered)
            let network = try LoopbackNetwork(rendered, [central, relay])
            var server = try await story.start(central, installed.prometheus, network)
            let api = QueryAPI(url: try central.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", server)
            let relayed = try await story.start(relay, installed.prometheus, network)
            try await QueryAPI.untilReady("\(try relay.url(9090))/-/ready", relayed)

            var accepted = 0
            for write in HostileWrite.all {
                let code = try await send(write, to: try relay.url(9090), story)
                // The relay of an older version answers 500 to a series that it cannot store.
                #expect([204, 400, 500].contains(code), "\(write.name): \(code)")
                if code == 204 { accepted += 1 }
            }
            #expect(accepted >= 14, "\(accepted) of \(HostileWrite.all.count)")
            // It would not arrive if the relay repeated one of the others.
            #expect(try await send(Self.last("last"), to: try relay.url(9090), story) == 204)
            try await eventually("the last write arrives") { try await !api.query("last").isEmpty }
            let stored = try await api.query("{__name__=~\"hostile_.+\"}")
            #expect(Set(stored.map { $0.labels["tenant"] }) == ["a"])
            #expect(Set(stored.compactMap { $0.labels["__name__"] }).count >= 9, "\(stored.map(\.labels))")
            let tenants = try await curl(["\(api.url)/api/v1/label/tenant/values"])
            #expect(tenants.json["data"] == ["a"])
            for path in ["metadata", "query_exemplars?query=hostile_exemplar_total&start=0&end=9999999999"] {
                let answer = try await curl(["\(api.url)/api/v1/\(path)"])
                #expect(answer.code == 200 && !answer.body.contains("hostile"), "\(answer.body)")
            }

            // The relay accepts writes while the central Prometheus is away, and sends them once it is back.
            await server.stop()
            #expect(try await send(Self.last("kept"), to: try relay.url(9090), story) == 204)
            server = try await story.start(central, installed.prometheus, network)
            try await eventually("the write of the outage arrives") {
                guard let kept = try? await api.query("kept") else { return false }
                return kept.map { $0.labels["tenant"] } == ["a"]
            }

            // Straight to the central Prometheus the same writes are stored as tenant b's, so they are real attempts.
            for write in HostileWrite.all { _ = try await send(write, to: api.url, story) }
            let straight = try await api.query("{__name__=~\"hostile_.+\",tenant=\"b\"}")
            #expect(straight.count >= 7, "\(straight.map(\.labels))")
        }
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

    private func send(_ write: HostileWrite, to url: String, _ story: Story) async throws -> Int {
        let body = try story.directory.write("body-\(write.name)", Snappy.encoded(write.message))
        let headers = write.headers.flatMap { ["-H", $0] }
        return try await curl(["\(url)/api/v1/write", "--data-binary", "@\(body)"] + headers).code
    }
}
