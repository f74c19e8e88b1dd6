import Kube
import TestSupport
import Testing
import YAML

@Suite("Story 2: isolation", .withPrometheus, .withPromLabelProxy)
struct IsolationStory {
    @Test(arguments: await Programs.prometheuses)
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
                var agent = try example.agent(forTenant: "tenant-\(id)")
                agent.use(installed)
                agent.hurry(scraping: [target])
                let pod = try Pod("StatefulSet", "tenant-\(id)-agent", of: try agent.render())
                try await story.start(pod, installed.prometheus, network)
            }
            for proxy in proxies {
                let process = try await story.start(proxy, try #require(Programs.promLabelProxy), network)
                try await QueryAPI.untilReady("\(try proxy.url(8080))/healthz", process)
            }
            try await eventually("both tenants' series arrive") { try await api.query("shared").count == 2 }

            // Grafana sends its queries to the URL of the datasource.
            let a = network.map(try datasource("tenant-a", organization: 2, rendered))
            let b = network.map(try datasource("tenant-b", organization: 3, rendered))
            let both = network.map(try datasource("platform", organization: 1, rendered))
            try await expectReads(a, ["a"])
            try await expectReads(b, ["b"])
            try await expectReads(both, ["a", "b"])
            var leaks: [String] = []
            for attempt in Attempt.all {
                let answer = try await attempt.make(at: a)
                if answer.reveals { leaks.append("\(attempt.arguments): \(answer.code) \(answer.body)") }
            }
            #expect(leaks.isEmpty)
            // Without a proxy, most attempts succeed, so they are real attempts.
            var found = 0
            for attempt in Attempt.all where try await attempt.make(at: api.url).reveals { found += 1 }
            #expect(found >= 30, "\(found) of \(Attempt.all.count)")
        }
        for target in targets.values { await target.stop() }
    }

    /// The URL of a tenant's datasource, from the ConfigMap that Grafana's side-car reads.
    private func datasource(_ tenant: String, organization: Int, _ rendered: Rendered) throws -> String {
        let configMap = try rendered.object("ConfigMap", "\(tenant)-datasource")
        #expect(configMap.labels["grafana_datasource"] == "1")
        let file = try #require(configMap.json["data"]?.strings.values.first)
        let source = try #require(try YAML.parseOne(file).value["datasources"]?[0])
        #expect(source["orgId"]?.int == organization)
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

/// An attempt to read the series of tenant `b`.
struct Attempt: Sendable {
    /// The arguments for curl. The first one is the path.
    var arguments: [String]

    func make(at url: String) async throws -> Answer {
        try await curl(["-g", "--path-as-is", "\(url)\(arguments[0])"] + arguments.dropFirst())
    }

    static let all: [Attempt] =
        queries.flatMap { query in
            let parameter = ["--data-urlencode", "query=\(query)"]
            let range = ["-d", "start=\(now - 60)", "-d", "end=\(now)", "-d", "step=5"]
            return [
                Attempt(arguments: ["/api/v1/query"] + parameter),
                Attempt(arguments: ["/api/v1/query", "-G"] + parameter),
                Attempt(arguments: ["/api/v1/query_range"] + parameter + range),
            ]
        } + others
}

private let now = Int(Timestamp.now.seconds) + 30

private let queries = [
    "secret_of_b", "shared", "shared{tenant=\"b\"}", "shared{tenant=~\"b\"}", "shared{tenant=~\"a|b\"}",
    "{tenant=~\".+\"}", "{__name__=~\".+\"}", "{note=~\"only-.\"}", "shared{tenant!=\"a\"}", "shared{tenant!~\"a\"}",
    "shared{tenant=\"a\",tenant=\"b\"}", "shared{tenant=\"b\",tenant=~\"b\"}", "{tenant=\"b\"}",
    "shared or secret_of_b", "shared{tenant=\"a\"} or shared{tenant=\"b\"}", "vector(1) or on() secret_of_b",
    "secret_of_b[5m]", "max_over_time(secret_of_b[5m:1s])", "last_over_time({tenant=\"b\"}[5m])",
    "count by (note, tenant) ({__name__=~\".+\"})", "secret_of_b offset 1s", "secret_of_b @ end()",
    "label_replace(shared{tenant=\"b\"}, \"tenant\", \"a\", \"\", \"\")",
    "label_join(shared, \"x\", \"-\", \"note\", \"tenant\")",
    "shared * on () group_left (note) secret_of_b", "secret_of_b and on () shared", "topk(10, shared)",
    "sum by (note) (shared)", "absent(secret_of_b)", "(((shared)))", "shared # {tenant=\"a\"}", "{\"secret_of_b\"}",
    "{\"shared\", \"tenant\"=\"b\"}", "info(shared)", "count_values(\"x\", secret_of_b)", "sort(shared)",
]

private let others: [Attempt] = [
    ["/api/v1/series", "-G", "--data-urlencode", "match[]=secret_of_b"],
    ["/api/v1/series", "--data-urlencode", "match[]={tenant=\"b\"}"],
    ["/api/v1/series", "--data-urlencode", "match[]=shared", "--data-urlencode", "match[]=secret_of_b"],
    ["/api/v1/series", "-G", "--data-urlencode", "match[]={__name__=~\".+\"}"],
    ["/api/v1/labels"],
    ["/api/v1/labels", "-d", "match[]={tenant=\"b\"}"],
    ["/api/v1/label/note/values"],
    ["/api/v1/label/tenant/values"],
    ["/api/v1/label/note/values?match[]={tenant=\"b\"}"],
    ["/api/v1/label/__name__/values"],
    ["/api/v1/label/__name__/values?match[]=secret_of_b"],
    ["/federate?match[]={__name__=~\".%2b\"}"],
    ["/federate?match[]={tenant=\"b\"}"],
    ["/federate?match[]=shared&match[]=secret_of_b"],
    ["/api/v1/query_exemplars?query=secret_of_b&start=\(now - 60)&end=\(now)"],
    ["/api/v1/rules"], ["/api/v1/alerts"], ["/api/v1/metadata"], ["/api/v1/targets"], ["/api/v1/targets/metadata"],
    ["/api/v1/status/tsdb"], ["/api/v1/status/config"], ["/api/v1/read"], ["/api/v1/format_query?query=secret_of_b"],
    ["/graph"], ["/metrics"], ["/api/v1/admin/tsdb/snapshot", "-X", "POST"],
    ["/api/v1/write", "-d", "x"],
    // Other ways to name a tenant.
    ["/api/v1/query?query=secret_of_b&tenant=b"],
    ["/api/v1/query?query=shared", "-H", "tenant: b", "-H", "X-Scope-OrgID: b", "-H", "THANOS-TENANT: b"],
    // Two queries: in the URL and in the body, in both orders.
    ["/api/v1/query?query=up&query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b&query=up"],
    ["/api/v1/query?query=secret_of_b", "-d", "query=up"],
    ["/api/v1/query?query=up", "-d", "query=secret_of_b"],
    ["/api/v1/query", "-d", "query=up", "-d", "query=secret_of_b"],
    ["/api/v1/query?x=1;query=secret_of_b", "-d", "query=up"],
    ["/api/v1/series?match[]=secret_of_b", "-d", "match[]=up"],
    // Other kinds of bodies and methods.
    ["/api/v1/query", "-F", "query=secret_of_b"],
    ["/api/v1/query?query=up", "-F", "query=secret_of_b"],
    ["/api/v1/query", "-H", "Content-Type: text/plain", "-d", "query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b", "-H", "Content-Type: text/plain", "-d", "query=up"],
    ["/api/v1/query?query=up", "-X", "GET", "-d", "query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b", "-X", "PUT"],
    ["/api/v1/query?query=secret_of_b", "-X", "PATCH", "-d", "query=secret_of_b"],
    ["/api/v1/query?query=secret_of_b", "-H", "X-HTTP-Method-Override: GET", "-X", "DELETE"],
    // Other spellings of paths.
    ["//api/v1/query?query=secret_of_b"],
    ["/api/v1/query/?query=secret_of_b"],
    ["/api/v1/%71uery?query=secret_of_b"],
    ["/api/v1/../v1/query?query=secret_of_b"],
    ["/healthz/../api/v1/query?query=secret_of_b"],
    ["/api/v1/label/../query?query=secret_of_b"],
    ["/api/v1/label/x%2f..%2f..%2fquery%3fquery=secret_of_b/values"],
    ["/api/v1/label/..%2fseries%3fmatch[]=secret_of_b%23/values"],
    ["/api/v1/query?query=secret_of_b", "-H", "Host: main-prometheus.observability.svc:9090"],
    ["/api/v1/query?query=shared&match[]={tenant=\"b\"}"],
].map { Attempt(arguments: $0) }

extension Answer {
    /// Whether it has data of tenant `b`. A refusal may repeat the names of the request.
    var reveals: Bool {
        body.contains("only-b") || body.contains("\"tenant\":\"b\"")
            || code == 200 && (body.contains("secret_of_b") || json["data"]?.array?.contains("b") == true)
    }
}
