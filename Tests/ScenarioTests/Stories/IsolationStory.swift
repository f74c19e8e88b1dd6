import TestSupport
import Testing
import YAML

@Suite("Story 2: isolation", .withPrometheus, .withPromLabelProxy)
struct IsolationStory {
    @Test(arguments: await InstalledPrograms.prometheuses)
    func `A tenant can read only its own series, whatever it asks for`(
        _ installed: InstalledPrometheus
    ) async throws {
        let targets = [
            "a": try await Target.start { _ in "secret_of_a{note=\"only-a\"} 1\nshared{note=\"only-a\"} 1" },
            "b": try await Target.start { _ in "secret_of_b{note=\"only-b\"} 1\nshared{note=\"only-b\"} 1" },
        ]
        try await Story.tell { story in
            var example = try Example("isolation")
            example.use(installed)
            let rendered = try example.render()
            let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let proxies = try ["tenant-a", "tenant-b", "platform"].map {
                try Pod("Deployment", "\($0)-read", of: rendered)
            }
            let network = try LoopbackNetwork(rendered, [central] + proxies)
            let server = try await story.start(central, installed.prometheus, network)
            let api = QueryAPI(url: try central.url(9090))
            try await QueryAPI.untilReady("\(api.url)/-/ready", server)
            for (id, target) in targets {
                var agent = try example.agent(besideTenant: "tenant-\(id)")
                agent.use(installed)
                agent.hurry(scraping: [target])
                let pod = try Pod("StatefulSet", "tenant-\(id)-agent", of: try agent.render())
                try await story.start(pod, installed.prometheus, network)
            }
            for proxy in proxies {
                let process = try await story.start(proxy, try #require(InstalledPrograms.promLabelProxy), network)
                try await QueryAPI.untilReady("\(try proxy.url(8080))/healthz", process)
            }
            try await eventually("both tenants' series arrive") { try await api.query("shared").count == 2 }

            // Grafana sends its queries to the URL of the datasource.
            let a = network.map(try datasource("tenant-a", rendered))
            let b = network.map(try datasource("tenant-b", rendered))
            let both = network.map(try datasource("platform", rendered))
            try await expectReads(a, ["a"])
            try await expectReads(b, ["b"])
            try await expectReads(both, ["a", "b"])
            var leaks: [String] = []
            for attempt in ReadAttempt.all {
                let answer = try await attempt.make(at: a)
                if answer.reveals { leaks.append("\(attempt.arguments): \(answer.code) \(answer.body)") }
            }
            #expect(leaks.isEmpty)
            // Without a proxy, most attempts succeed, so they are real attempts.
            var found = 0
            for attempt in ReadAttempt.all where try await attempt.make(at: api.url).reveals { found += 1 }
            #expect(found >= 30, "\(found) of \(ReadAttempt.all.count)")
        }
        for target in targets.values { await target.stop() }
    }

    /// The URL of a tenant's datasource, from the ConfigMap that Grafana's side-car reads.
    private func datasource(_ tenant: String, _ rendered: Rendered) throws -> String {
        let configMap = try rendered.object("ConfigMap", "\(tenant)-datasource")
        #expect(configMap.labels["grafana_datasource"] == "1")
        let file = try #require(configMap.json["data"]?.strings.values.first)
        let source = try #require(try YAML.parseOne(file).value["datasources"]?[0])
        #expect(source["type"] == "prometheus" && source["access"] == "proxy")
        return try #require(source["url"]?.string)
    }

    private func expectReads(_ url: String, _ ids: [String]) async throws {
        let api = QueryAPI(url: url)
        try await eventually("only the series of \(ids) can be read") {
            try await api.query("shared").compactMap { $0.labels["tenant"] }.sorted() == ids
        }
        let values = try await curl(["\(url)/api/v1/label/tenant/values"])
        #expect((values.json["data"]?.array ?? []).compactMap(\.string).sorted() == ids, "\(values.body)")
    }
}
