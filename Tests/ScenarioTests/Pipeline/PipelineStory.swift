import Kube
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

@testable import Operator

@Suite("From a monitor to the central Prometheus", .withDiscovery, .timeLimit(.minutes(5)))
struct PipelineStory {
    @Test(arguments: await Programs.discovering)
    func `what monitors select in the cluster is scraped and arrives, as the cluster and the monitors change`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Pipeline.play(installed) { pipeline in
            let namespace = pipeline.scenario.namespace
            let api = try await pipeline.startCentral()
            for name in ["shop-0", "shop-1"] {
                try await pipeline.targets.add(name, app: "shop") { "sequence \($0)\nnoise 1\nkept{secret=\"x\"} 1" }
            }
            try await pipeline.targets.add("cart-0", app: "cart")
            let prober = try await pipeline.targets.addOutside { _ in "probe_success 1" }
            let outside = try await pipeline.targets.addOutside()
            try await applyMonitors(pipeline, prober: prober, outside: outside)
            // Both ways by which a Service's pods are found.
            let slices: JSON = installed.version.hasPrefix("3.") ? "EndpointSlice" : .null
            try await pipeline.applyAgent(["serviceDiscoveryRole": slices])
            let agent = try await pipeline.startAgent { text in
                ["podMonitor/", "serviceMonitor/", "probe/", "scrapeConfig/"].allSatisfy(text.contains)
            }

            // Labels and jobs are those that prometheus-operator gives.
            func shop(_ pod: String) -> [String: String] {
                [
                    "job": "shop", "namespace": namespace, "service": "shop", "pod": pod, "endpoint": "web",
                    "container": "app", "instance": pipeline.targets[pod]?.address ?? "",
                ]
            }
            let expected: [[String: String]] = [
                shop("shop-0"), shop("shop-1"),
                [
                    "job": "\(namespace)/cart", "namespace": namespace, "pod": "cart-0", "endpoint": "web",
                    "container": "app", "instance": pipeline.targets["cart-0"]?.address ?? "",
                ],
                ["job": "probe/\(namespace)/site", "namespace": namespace, "instance": "https://shop.example.org"],
                ["job": "scrapeConfig/\(namespace)/outside", "instance": outside.address, "rack": "r1"],
            ].map { labels in
                labels.merging(["__name__": "up", "tenant": "a", "__replica__": "cluster-agent-0"]) { $1 }
            }
            var found: [[String: String]] = []
            do {
                try await pipeline.eventually("each target is up") {
                    let series = try await api.query("up{tenant=\"a\"} == 1")
                    found = series.map(\.labels)
                    return Set(found) == Set(expected)
                }
            } catch {
                throw WaitingError(description: "\(error)\nfound: \(found)\nexpected: \(expected)")
            }
            #expect(prober.asked == ["/probe?module=http_2xx&target=https%3A%2F%2Fshop.example.org"])

            // A relabelling drops a metric and a label, and nothing else.
            #expect(try await api.query("count(kept)").first?.values == [2])
            #expect(try await api.query("{__name__=\"noise\"}").isEmpty)
            #expect(try await api.query("kept{secret!=\"\"}").isEmpty)

            // A bad monitor beside them does no harm, and says so.
            let status = try await pipeline.scenario.get(PrometheusAgent.resource, "cluster")?.json["status"]
            #expect(status?["rejected"] == 1)
            #expect(status?["rejectedMonitors"]?[0]?["name"] == "broken")

            try await followsPods(pipeline, agent, api)
            try await followsMonitors(pipeline, agent, api)
        }
    }

    private func applyMonitors(_ pipeline: Pipeline, prober: Target, outside: Target) async throws {
        let scenario = pipeline.scenario
        try await scenario.applyMonitor(
            "shop",
            [
                "metricRelabelings": [
                    ["sourceLabels": ["__name__"], "regex": "noise", "action": "drop"],
                    ["regex": "secret", "action": "labeldrop"],
                ]
            ])
        try await scenario.applyMonitor("broken", ["relabelings": [["regex": "("]]])
        try await scenario.apply(
            MonitorKind.podMonitor.resource, "cart",
            ["spec": ["selector": ["matchLabels": ["app": "cart"]], "podMetricsEndpoints": [["port": "web"]]]])
        try await scenario.apply(
            MonitorKind.probe.resource, "site",
            [
                "spec": [
                    "prober": ["url": JSON(prober.address)], "module": "http_2xx",
                    "targets": ["staticConfig": ["static": ["https://shop.example.org"]]],
                ]
            ])
        try await scenario.apply(
            MonitorKind.scrapeConfig.resource, "outside",
            ["spec": ["staticConfigs": [["targets": [JSON(outside.address)], "labels": ["rack": "r1"]]]]])
    }

    /// A pod that comes is scraped, and one that is gone is not any more.
    private func followsPods(_ pipeline: Pipeline, _ agent: Agent, _ api: QueryAPI) async throws {
        let gone = try #require(pipeline.targets["shop-1"])
        try await pipeline.targets.add("shop-2", app: "shop")
        try await pipeline.targets.delete("shop-1")
        try await pipeline.eventually("the new pod is scraped and the old one is not any more") {
            try await api.query("up{job=\"shop\"} == 1").compactMap { $0.labels["pod"] }.sorted()
                == ["shop-0", "shop-2"]
        }
        let before = gone.scrapes
        let another = try #require(pipeline.targets["shop-2"])
        let until = another.scrapes + 3
        try await pipeline.eventually("another is scraped on") { another.scrapes >= until }
        #expect(gone.scrapes == before)
        #expect(agent.process.isRunning)
    }

    /// What is scraped follows monitors, and the process stays: by itself from 3.0 on, by the side-car before.
    private func followsMonitors(_ pipeline: Pipeline, _ agent: Agent, _ api: QueryAPI) async throws {
        let cart = try #require(pipeline.targets["cart-0"])
        try await pipeline.scenario.applyMonitor(
            "shop", ["relabelings": [["targetLabel": "edited", "replacement": "yes"]]])
        try await pipeline.scenario.client.delete(
            MonitorKind.podMonitor.resource, pipeline.scenario.key("cart"))
        try await pipeline.eventually("the edit is followed: \(pipeline.reloads(of: agent))") {
            let edited = try await api.query("up{edited=\"yes\"} == 1").compactMap { $0.labels["pod"] }.sorted()
            let scraped = try await agent.pods()
            return edited == ["shop-0", "shop-2"] && scraped == edited
        }
        // Prometheus marks nothing as stale where a whole job is gone, so one looks at who is asked.
        let before = cart.scrapes
        let shop = try #require(pipeline.targets["shop-0"])
        let until = shop.scrapes + 3
        try await pipeline.eventually("the others are scraped on") { shop.scrapes >= until }
        #expect(cart.scrapes == before)
        #expect(agent.process.isRunning, "the same process")
        let reloads = pipeline.reloads(of: agent)
        #expect(reloads.contains("prometheusReloads=true") == pipeline.installed.version.hasPrefix("2."), "\(reloads)")
    }

    @Test(arguments: await Programs.discovering)
    func `nothing is lost while the central Prometheus is away`(_ installed: InstalledPrometheus) async throws {
        try await Pipeline.play(installed) { pipeline in
            let api = try await pipeline.startCentral()
            for index in 0..<3 { try await pipeline.targets.add("shop-\(index)", app: "shop") }
            try await pipeline.scenario.applyMonitor("shop")
            try await pipeline.applyAgent()
            try await pipeline.startAgent { $0.contains("serviceMonitor/") }
            try await pipeline.eventually("all arrive") { try await api.query("up{tenant=\"a\"} == 1").count == 3 }

            let targets = pipeline.targets.names.compactMap { name in pipeline.targets[name].map { (name, $0) } }
            try await pipeline.stopCentral()
            let before = targets.map(\.1.scrapes)
            try await pipeline.eventually("the agent scrapes on for a good while") {
                zip(targets, before).allSatisfy { $0.1.scrapes >= $1 + 16 }
            }
            let after = targets.map(\.1.scrapes)
            try await pipeline.startCentralAgain()
            for (index, (pod, _)) in targets.enumerated() {
                var missing: [Int] = []
                do {
                    try await pipeline.eventually("all of \(pod) arrives", within: .seconds(30)) {
                        let query = "sequence{tenant=\"a\",pod=\"\(pod)\"}[10m]"
                        guard let series = try await api.query(query).first else { return false }
                        let arrived = Set(series.values.map { Int($0) })
                        missing = (1...after[index]).filter { !arrived.contains($0) }
                        // The agent says so of a scrape that it gave up, as on a busy machine.
                        let up = try await api.query("up{tenant=\"a\",pod=\"\(pod)\"}[10m]").flatMap(\.values)
                        return missing.count <= up.count { $0 == 0 } && up.count >= after[index]
                    }
                } catch {
                    throw WaitingError(
                        description: "\(error): scrapes \(missing) of \(after[index]) are missing; "
                            + "it was away from \(before[index] + 1)")
                }
                // No hole: the samples stand as close as the scrapes.
                let times = try await api.query("up{tenant=\"a\",pod=\"\(pod)\"}[10m]").first?.times ?? []
                let span = (times.last ?? 0) - (times.first ?? 0)
                #expect(Double(times.count) >= span * 0.8, "\(times.count) samples in \(span) s at one a second")
            }
        }
    }

    @Test(arguments: await Programs.discovering)
    func `two shards share the targets without overlap, replicas have the same, and one that goes hands over`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Pipeline.play(installed) { pipeline in
            let api = try await pipeline.startCentral()
            // By chance all fall to one shard once in thirty thousand runs.
            for index in 0..<16 { try await pipeline.targets.add("shop-\(index)", app: "shop") }
            try await pipeline.targets.add("both-0", app: "both")
            try await pipeline.scenario.applyMonitor("shop")
            try await pipeline.scenario.applyMonitor(
                "both", ["relabelings": [["targetLabel": "__tmp_disable_sharding", "replacement": "true"]]])
            try await pipeline.applyAgent(["shards": 2, "replicas": 2])
            var agents: [[Agent]] = []
            for shard in ["cluster-agent", "cluster-agent-shard-1"] {
                var replicas: [Agent] = []
                for ordinal in 0..<2 {
                    replicas.append(
                        try await pipeline.startAgent(shard, ordinal) { text in
                            ["/both/", "/shop/"].allSatisfy(text.contains)
                        })
                }
                agents.append(replicas)
            }
            let all = pipeline.targets.names
            var seen: [[[String]]] = []
            try await pipeline.eventually("every target has a shard: \(seen)") {
                seen = []
                for replicas in agents {
                    var pods: [[String]] = []
                    for replica in replicas { pods.append(try await replica.pods()) }
                    seen.append(pods)
                }
                return seen.allSatisfy { $0[0] == $0[1] } && Set(seen.flatMap { $0[0] }) == Set(all)
            }
            let shards = seen.map { Set($0[0]) }
            #expect(shards[0].intersection(shards[1]) == ["both-0"])
            #expect(shards.allSatisfy { $0.count > 1 })

            // What arrives says which replica it is from, and nothing else tells them apart.
            try await pipeline.eventually("both replicas of both shards arrive") {
                try await api.query("up{tenant=\"a\"} == 1").count == 2 * (16 + 2)
            }
            let series = try await api.query("up{tenant=\"a\"}").map(\.labels)
            for (shard, set) in ["cluster-agent", "cluster-agent-shard-1"].enumerated() {
                let own = (0..<2).map { replica in series.filter { $0["__replica__"] == "\(set)-\(replica)" } }
                #expect(own.allSatisfy { Set($0.compactMap { $0["pod"] }) == shards[shard] })
                let bare = own.map { Set($0.map { $0.filter { $0.key != "__replica__" } }) }
                #expect(bare[0] == bare[1])
            }

            try await takesShardAway(pipeline, agents, api)
        }
    }

    /// The shard that stays scrapes everything, the one that goes nothing, and it says when it has sent what it had.
    private func takesShardAway(_ pipeline: Pipeline, _ agents: [[Agent]], _ api: QueryAPI) async throws {
        let own = try await agents[1][0].pods().filter { $0 != "both-0" }
        let targets = try own.map { try #require(pipeline.targets[$0]) }
        try await pipeline.stopCentral()
        let before = targets.map(\.scrapes)
        try await pipeline.scenario.patch(PrometheusAgent.resource, "cluster", ["spec": ["shards": 1]])
        try await pipeline.eventually("the shard that goes scrapes nothing, the other one everything") {
            let left = try await agents[1][0].targets().count + agents[1][1].targets().count
            let kept = try await agents[0][0].pods()
            return left == 0 && kept == pipeline.targets.names
        }
        let handedOver = targets.map(\.scrapes)
        let running = agents.flatMap { $0 }.filter(\.process.isRunning)
        #expect(running.count == 4)
        for agent in agents[1] {
            try await pipeline.eventually("\(agent.name) has something left to send") {
                let progress = try await agent.progress()
                return !progress.isScraping && !progress.isDone && !progress.isQuiet
            }
        }
        try await pipeline.startCentralAgain()
        for agent in agents[1] {
            try await pipeline.eventually("\(agent.name) has sent everything") { try await agent.progress().isDone }
            // What it says is so: its newest sample is there.
            let newest = try #require(try await agent.progress().newest)
            let series = try await api.query("up{__replica__=\"\(agent.name)\"}[10m]")
            #expect((series.flatMap(\.times).max() ?? 0) >= newest.rounded(.down))
        }
        // All that was scraped arrives, by this shard or by the one that took over.
        for (index, target) in targets.enumerated() {
            let last = target.scrapes
            var missing: [Int] = []
            do {
                try await pipeline.eventually("all scrapes of \(own[index]) arrive") {
                    let selector = "{instance=\"\(target.address)\"}[10m]"
                    let series = Set(try await api.query("sequence\(selector)").flatMap(\.values).map { Int($0) })
                    let failed = try await api.query("up\(selector)").flatMap(\.values).count { $0 == 0 }
                    missing = (1...last).filter { !series.contains($0) }
                    // Each replica may have had one under way when it was told to scrape no more.
                    let cut = missing.count { $0 > before[index] && $0 <= handedOver[index] }
                    if missing.count - min(cut, agents[1].count) <= failed { return true }
                    return pipeline.mayHaveRefused(running)
                }
            } catch is WaitingError {
                throw WaitingError(
                    description: "scrapes \(missing) of \(last) of \(own[index]) do not arrive; it was handed over "
                        + "between \(before[index]) and \(handedOver[index])")
            }
        }
    }
}

extension Agent {
    /// What the operator reads of its metrics when it drains.
    fileprivate func progress() async throws -> SendingProgress {
        var progress = SendingProgress()
        _ = try progress.take(status: 200, Array(try await metrics().utf8))
        _ = try progress.take(status: 200, [])
        return progress
    }
}
