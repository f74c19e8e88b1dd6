import Kube
import TestSupport
import Testing

/// Reads through the proxy that all tenants share, with the headers that the gateway sets: `X-Tributary-Tenants` for the
/// proxy and, for Thanos, `THANOS-TENANT` for the querier.
@Suite("Walls: reads behind the gateway", .withPromLabelProxy)
struct SharedReadsStory {
    private static let series = ["a", "b"].reduce(into: [String: [[String: String]]]()) { series, id in
        series[id] = ["secret_of_\(id)", "shared"].map { ["__name__": $0, "note": "only-\(id)"] }
    }

    /// The attempts of tenant `a` to read series of `b`, with headers that the gateway would set. It strips the caller's
    /// own, which here come last.
    private static func leaks(at url: String, _ headers: [String]) async throws -> [String] {
        var leaks: [String] = []
        for attempt in ReadAttempt.all {
            var attempt = attempt
            attempt.arguments.insert(contentsOf: headers.flatMap { ["-H", $0] }, at: 1)
            let answer = try await attempt.make(at: url)
            if answer.reveals { leaks.append("\(attempt.arguments): \(answer.code) \(answer.body)") }
        }
        return leaks
    }

    /// The tenants whose series `shared` a request with some headers finds; nil if it is refused.
    private static func tenants(at url: String, _ headers: String...) async throws -> [String]? {
        let arguments = ["\(url)/api/v1/query", "--data-urlencode", "query=shared"]
        let answer = try await curl(arguments + headers.flatMap { ["-H", $0] })
        guard answer.code == 200 else {
            #expect(answer.code == 400, "\(answer.body)")
            return nil
        }
        return (answer.json["data", "result"]?.array ?? []).compactMap { $0["metric", "tenant"]?.string }.sorted()
    }

    // MARK: - Thanos

    private struct Pods {
        var receiver: Pod
        var router: Pod
        var all: Pod
        var one: Pod
        var proxy: Pod
    }

    private static func thanos(_ story: Story) async throws -> Pods {
        var example = try Example("thanos-managed")
        example.useBucket(of: story)
        example.change("GlobalView") { view in
            view["spec", "tenantLabel"] = "tenant"
            view["spec", "gateway"] = [:]
            view["spec", "thanos", "replicationFactor"] = 1
            view["spec", "thanos", "hashrings"] = [["name": "default", "soft": true, "replicas": 1]]
        }
        example.remove("Tenant")
        let rendered = try example.render()
        let receiver = try Pod("StatefulSet", "main-receive-default", of: rendered)
        var reading = example
        reading.change("GlobalView") {
            $0["spec", "thanos", "query", "endpoints"] = [JSON((try? receiver.address(10901)) ?? "")]
        }
        let queried = try reading.render()
        let pods = Pods(
            receiver: receiver, router: try Pod("Deployment", "main-receive", of: rendered),
            all: try Pod("Deployment", "main-query", of: queried),
            one: try Pod("Deployment", "main-query-tenants", of: queried),
            proxy: try Pod("Deployment", "main-read-proxy", of: rendered))
        var network = try LoopbackNetwork(rendered, [receiver, pods.router, pods.all, pods.one, pods.proxy])
        network.add(
            "dnssrv+_grpc._tcp.main-receive-default.observability.svc.cluster.local", try receiver.address(10901))
        for pod in [receiver, pods.router, pods.all, pods.one] {
            let process = try await story.start(pod, try #require(InstalledPrograms.thanos), network)
            try await QueryAPI.untilReady("\(try pod.url(10902))/-/ready", process)
        }
        let process = try await story.start(pods.proxy, try #require(InstalledPrograms.promLabelProxy), network)
        for port in [8080, 8082] { try await QueryAPI.untilReady("\(try pods.proxy.url(port))/healthz", process) }
        return pods
    }

    @Test(.withThanos)
    func `The querier and the proxy each show a tenant its own series only, in whatever way it asks`() async throws {
        try await Story.tell { story in
            let pods = try await Self.thanos(story)
            let (all, one) = (try pods.all.url(10902), try pods.one.url(10902))
            let (proxy, wide) = (try pods.proxy.url(8080), try pods.proxy.url(8082))
            for (id, series) in Self.series {
                try await eventually("\(id) can write") {
                    try await RemoteWriter.write(
                        series, to: "\(try pods.router.url(19291))/api/v1/receive", headers: ["THANOS-TENANT: \(id)"],
                        story
                    ).code == 200
                }
            }
            try await eventually("operators find the series of both") {
                try await Self.tenants(at: all) == ["a", "b"]
            }
            try await eventually("the querier for tenants finds the receivers") {
                try await Self.tenants(at: one, "THANOS-TENANT: b") == ["b"]
            }

            // The querier alone.
            #expect(try await Self.tenants(at: one, "THANOS-TENANT: a") == ["a"])
            #expect(try await Self.tenants(at: one, "thanos-tenant: a", "THANOS-TENANT: b") == ["a"])
            #expect(try await Self.tenants(at: one, "THANOS-TENANT: A") == [])
            #expect(try await Self.tenants(at: one, "THANOS-TENANT: .*") == [])
            for header in ["X-None: x", "THANOS-TENANT;", "X-Scope-OrgID: a", "THANOS_TENANT: a"] {
                #expect(try await Self.tenants(at: one, header) == nil, "\(header)")
            }
            #expect(try await Self.leaks(at: one, ["THANOS-TENANT: a"]) == [])

            // The proxy before it, with the headers of the gateway.
            let own = ["X-Tributary-Tenants: a", "THANOS-TENANT: a"]
            #expect(try await Self.tenants(at: proxy, own[0], own[1]) == ["a"])
            #expect(try await Self.tenants(at: proxy, own[1]) == nil, "without its header, the proxy refuses")
            #expect(try await Self.tenants(at: proxy, own[0]) == nil, "without its header, the querier refuses")
            #expect(try await Self.tenants(at: proxy, "X-Tributary-Tenants: ,", own[1]) == nil)
            #expect(try await Self.tenants(at: proxy, "X-Tributary-Tenants: a,b", own[1]) == ["a"], "both decide")
            #expect(
                try await Self.tenants(at: proxy, "X-Tributary-Tenants: b", own[1]) == ["a"], "the querier decides last"
            )
            #expect(try await Self.tenants(at: proxy, "X-Tributary-Tenants: .*", own[1]) == ["a"])
            #expect(try await Self.leaks(at: proxy, own) == [])

            // Tenants that also see others.
            let both = "X-Tributary-Tenants: a,b"
            #expect(try await Self.tenants(at: wide, both, own[1]) == ["a", "b"])
            #expect(try await Self.tenants(at: wide, own[0], own[1]) == ["a"])
            #expect(try await Self.tenants(at: wide, "X-Tributary-Tenants: a|b", own[1]) == [])
            #expect(try await Self.tenants(at: wide, own[1]) == nil)
            #expect(try await Self.leaks(at: wide, own) == [])

            // The attempts are real: they succeed where nobody enforces anything.
            let found = try await Self.leaks(at: all, [])
            #expect(found.count >= 30, "\(found.count) of \(ReadAttempt.all.count)")
        }
    }

    // MARK: - Prometheus

    @Test(.withPrometheus)
    func `The proxy shows each tenant its own series of a central Prometheus, and refuses who is no tenant`()
        async throws
    {
        let installed = try #require(await InstalledPrograms.prometheuses.last)
        try await Story.tell { story in
            var example = try Example("isolation")
            example.use(installed)
            example.change("GlobalView") { $0["spec", "gateway"] = [:] }
            example.remove("Tenant")
            let rendered = try example.render(expecting: installed.warningsBehindGateway)
            let central = try Pod("StatefulSet", "main-prometheus", of: rendered)
            let proxy = try Pod("Deployment", "main-read-proxy", of: rendered)
            let network = try LoopbackNetwork(rendered, [central, proxy])
            let server = try await story.start(central, installed.prometheus, network)
            try await QueryAPI.untilReady("\(try central.url(9090))/-/ready", server)
            let process = try await story.start(proxy, try #require(InstalledPrograms.promLabelProxy), network)
            try await QueryAPI.untilReady("\(try proxy.url(8080))/healthz", process)
            for (id, series) in Self.series {
                let labelled = series.map { $0.merging(["tenant": id]) { own, _ in own } }
                let url = "\(try central.url(9090))/api/v1/write"
                #expect(try await RemoteWriter.write(labelled, to: url, story).code == 204)
            }
            let url = try proxy.url(8080)
            #expect(try await Self.tenants(at: url, "X-Tributary-Tenants: a") == ["a"])
            #expect(try await Self.tenants(at: url, "X-Tributary-Tenants: a, b") == ["a", "b"])
            for header in ["X-None: x", "X-Tributary-Tenants;", "X-Tributary-Tenants: ,,", "X_Tributary_Tenants: a"] {
                #expect(try await Self.tenants(at: url, header) == nil, "\(header)")
            }
            for value in ["A", "a|b", ".*", "a\"} or shared{x=\"", "a.b"] {
                #expect(try await Self.tenants(at: url, "X-Tributary-Tenants: \(value)") == [], "\(value)")
            }
            #expect(try await Self.leaks(at: url, ["X-Tributary-Tenants: a"]) == [])
        }
    }
}
