import Hashring
import Kube
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

@Suite("Story 4: Thanos Receive that Tributary runs", .withHeaders, .withThanos)
struct ManagedThanosStory {
    /// The pods of the example that run on this machine.
    private struct Pods {
        var receivers: [String: [Pod]]
        var routers: [Pod]
        var query: Pod
        var network: LoopbackNetwork

        var readers: [Pod] { receivers.values.flatMap { $0 } + routers }
    }

    private static let hashrings = ["hashring-0", "default"]

    private static func example(_ spoken: String, in story: Story) throws -> Example {
        var example = try Example("thanos-managed")
        example.useBucket(of: story)
        example.change("GlobalView") { $0["spec", "thanos", "replicationProtocol"] = JSON(spoken) }
        return example
    }

    /// Starts everything. Thanos Query gets the address of each receiver instead of the DNS records of the Services.
    private static func start(_ example: Example, _ story: Story) async throws -> Pods {
        let rendered = try example.render()
        var receivers: [String: [Pod]] = [:]
        for hashring in hashrings {
            receivers[hashring] = try (0..<3).map {
                try Pod("StatefulSet", "main-receive-\(hashring)", ordinal: $0, of: rendered)
            }
        }
        let all = receivers.values.flatMap { $0 }
        var reading = example
        let endpoints = try all.map { JSON(try $0.address(10901)) }
        reading.change("GlobalView") { $0["spec", "thanos", "query", "endpoints"] = .array(endpoints) }
        let routers = try (0..<2).map { try Pod("Deployment", "main-receive", ordinal: $0, of: rendered) }
        let query = try Pod("Deployment", "main-query", of: try reading.render())
        var network = try LoopbackNetwork(rendered, all + routers + [query])
        for hashring in hashrings {
            let records = "dnssrv+_grpc._tcp.main-receive-\(hashring).observability.svc.cluster.local"
            network.add(records, try #require(receivers[hashring]?.first).address(10901))
        }
        let thanos = try #require(InstalledPrograms.thanos)
        for pod in all + routers + [query] { try await story.start(pod, thanos, network) }
        for pod in all + routers + [query] {
            let url = "\(try pod.url(10902))/-/ready"
            try await eventually("\(pod.name) is ready") { try await curl([url]).code == 200 }
        }
        return Pods(receivers: receivers, routers: routers, query: query, network: network)
    }

    @Test(arguments: ["protobuf", "capnproto"])
    func `Series of each tenant go through the routers to its own hashring, and can be read`(spoken: String)
        async throws
    {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        let target = try await Target.start { _ in "written 1" }
        try await Story.tell { story in
            let example = try Self.example(spoken, in: story)
            let pods = try await Self.start(example, story)
            for tenant in ["tenant-a", "sre"] {
                var agent = try example.agent(besideTenant: tenant)
                agent.use(installed)
                agent.hurry(scraping: [target])
                try await story.start(
                    try Pod("StatefulSet", "\(tenant)-agent", of: try agent.render()), installed.prometheus,
                    pods.network)
            }
            try await eventually("every tenant's series are on two receivers of its hashring, and on no others") {
                var holders: [String: [String: Int]] = [:]
                for (hashring, receivers) in pods.receivers {
                    for receiver in receivers {
                        for tenant in try await receiver.tenants() {
                            holders[tenant, default: [:]][hashring, default: 0] += 1
                        }
                    }
                }
                for (tenant, hashrings) in holders where hashrings[tenant == "sre" ? "hashring-0" : "default"] != nil {
                    throw WaitingError(description: "\(tenant) is on the wrong hashring: \(holders)")
                }
                return holders.count == 2 && holders.values.allSatisfy { $0.values.allSatisfy { $0 >= 2 } }
            }
            // The copies of a sample are read as one sample with the tenant's label.
            for tenant in ["tenant-a", "sre"] {
                let query = "\(try pods.query.url(10902))/api/v1/query"
                try await eventually("the series of \(tenant) are read") {
                    let answer = try await curl([
                        "-G", query, "--data-urlencode", "query=written{tenant_id=\"\(tenant)\"}",
                    ])
                    return try JSON(parsing: answer.body)["data", "result"]?.array?.count == 1
                }
            }
        }
        await target.stop()
    }

    /// A scale-down with real receivers: the file without the receiver, the metric of the loaded file, the end of the
    /// process.
    @Test func `Receivers leave the hashring file before they end, and no write fails`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        let target = try await Target.start { _ in
            (0..<200).map { "written{number=\"\($0)\"} 1" }.joined(separator: "\n")
        }
        try await Story.tell { story in
            let example = try Self.example("protobuf", in: story)
            let pods = try await Self.start(example, story)
            var agent = try example.agent(besideTenant: "sre")
            agent.use(installed)
            agent.hurry(scraping: [target])
            let writer = try Pod("StatefulSet", "sre-agent", of: try agent.render())
            try await story.start(writer, installed.prometheus, pods.network)
            try await eventually("samples arrive") { try await Self.sent(by: writer) > 400 }

            // The specification has one receiver fewer than the published file.
            var smaller = example
            smaller.change("GlobalView") { view in
                var hashrings = view["spec", "thanos", "hashrings"]?.array ?? []
                hashrings[1]["replicas"] = 2
                view["spec", "thanos", "hashrings"] = .array(hashrings)
            }
            var snapshot = try smaller.snapshot()
            let published = try #require(
                try example.render().made.compactMap { PublishedHashrings($0) }.first)
            snapshot.take(.hashrings(ObjectKey(namespace: "observability", name: "main-hashrings"), published))
            let plan = Planner(snapshot).plan()
            let leaving = try #require(pods.receivers["default"]?.last)
            let next = try #require(plan.objects.compactMap { PublishedHashrings($0) }.first)
            #expect(published.text.contains(leaving.name) && !next.text.contains(leaving.name))
            let set = plan.objects.first { $0.kind == "StatefulSet" && $0.name == "main-receive-default" }
            #expect(set?.json["spec", "replicas"] == 3, "the receiver still runs")

            let text = pods.network.map(next.text)
            let expected = HashringFile.configHash(of: text)
            for pod in pods.readers {
                try story.directory.replace("\(pod.name)/hashrings/hashrings.json", text)
            }
            try await eventually("every receiver and router has loaded the file", within: .seconds(60)) {
                for pod in pods.readers where try await Self.loadedHash(of: pod) != expected { return false }
                return true
            }
            // The operator waits as long from then on: one refresh interval and the timeout of forwarding.
            try await Task.sleep(for: .seconds(10))
            let failed = try await Self.failures(pods)
            try await story.end(leaving.name)
            let before = try await Self.sent(by: writer)
            try await eventually("samples still arrive") { try await Self.sent(by: writer) > before + 1000 }
            #expect(try await Self.failures(pods, besides: leaving.name) == failed)
        }
        await target.stop()
    }

    // MARK: - Metrics of the programs

    private static func value(_ line: Substring) -> Double {
        line.split(separator: " ").last.flatMap { Double($0) } ?? 0
    }

    private static func loadedHash(of pod: Pod) async throws -> UInt64? {
        try await pod.metrics().first { $0.hasPrefix("thanos_receive_config_hash ") }.map { UInt64(value($0)) }
    }

    /// The number of samples that an agent has sent.
    private static func sent(by agent: Pod) async throws -> Double {
        try await agent.metrics(9090).filter { $0.hasPrefix("prometheus_remote_storage_samples_total{") }
            .reduce(0) { $0 + value($1) }
    }

    /// The number of failed requests between receivers so far.
    private static func failures(_ pods: Pods, besides ended: String? = nil) async throws -> Double {
        var sum = 0.0
        for pod in pods.readers where pod.name != ended {
            for line in try await pod.metrics() {
                let isFailure =
                    line.hasPrefix("thanos_receive_forward_requests_total{") && line.contains("result=\"error\"")
                    || line.hasPrefix("thanos_receive_replications_total{") && line.contains("result=\"error\"")
                if isFailure { sum += value(line) }
            }
        }
        return sum
    }
}
