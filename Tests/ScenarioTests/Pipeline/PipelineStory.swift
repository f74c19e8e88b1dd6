import Kube
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

@testable import Operator

@Suite("From a monitor to the central Prometheus", .withDiscovery, .timeLimit(.minutes(5)))
struct PipelineStory {
    @Test(arguments: await InstalledPrograms.discovering)
    func `Series of all selected targets arrive while the cluster and the monitors change`(
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
            // This covers both ways to find the pods of a Service.
            let slices: JSON = installed.version.hasPrefix("3.") ? "EndpointSlice" : .null
            try await pipeline.applyAgent(["serviceDiscoveryRole": slices])
            let agent = try await pipeline.startAgent { text in
                ["podMonitor/", "serviceMonitor/", "probe/", "scrapeConfig/"].allSatisfy(text.contains)
            }

            // Labels and jobs are those of prometheus-operator.
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

            // The relabeling drops one metric and one label, and nothing else.
            #expect(try await api.query("count(kept)").first?.values == [2])
            #expect(try await api.query("{__name__=\"noise\"}").isEmpty)
            #expect(try await api.query("kept{secret!=\"\"}").isEmpty)

            // An invalid monitor does not affect the others, and is reported.
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

    /// Expects that a new pod is scraped, and that a deleted pod is no longer scraped.
    private func followsPods(_ pipeline: Pipeline, _ agent: RunningAgent, _ api: QueryAPI) async throws {
        let gone = try #require(pipeline.targets["shop-1"])
        try await pipeline.targets.add("shop-2", app: "shop")
        try await pipeline.targets.delete("shop-1")
        try await pipeline.eventually("the new pod is scraped, and the deleted one no longer is") {
            try await api.query("up{job=\"shop\"} == 1").compactMap { $0.labels["pod"] }.sorted()
                == ["shop-0", "shop-2"]
        }
        let before = gone.scrapes
        let another = try #require(pipeline.targets["shop-2"])
        let until = another.scrapes + 3
        try await pipeline.eventually("another pod is still scraped") { another.scrapes >= until }
        #expect(gone.scrapes == before)
        #expect(agent.process.isRunning)
    }

    /// Expects that targets follow the monitors without a restart: by itself from version 3.0 on, and by the side-car
    /// before.
    private func followsMonitors(_ pipeline: Pipeline, _ agent: RunningAgent, _ api: QueryAPI) async throws {
        let cart = try #require(pipeline.targets["cart-0"])
        try await pipeline.scenario.applyMonitor(
            "shop", ["relabelings": [["targetLabel": "edited", "replacement": "yes"]]])
        try await pipeline.scenario.client.delete(
            MonitorKind.podMonitor.resource, pipeline.scenario.key("cart"))
        try await pipeline.eventually("the targets follow the edit: \(pipeline.reloads(of: agent))") {
            let edited = try await api.query("up{edited=\"yes\"} == 1").compactMap { $0.labels["pod"] }.sorted()
            let scraped = try await agent.pods()
            return edited == ["shop-0", "shop-2"] && scraped == edited
        }
        // Prometheus marks no series as stale if a whole job is removed, so this counts the requests to the target.
        let before = cart.scrapes
        let shop = try #require(pipeline.targets["shop-0"])
        let until = shop.scrapes + 3
        try await pipeline.eventually("the other targets are still scraped") { shop.scrapes >= until }
        #expect(cart.scrapes == before)
        #expect(agent.process.isRunning, "the process was not restarted")
        let reloads = pipeline.reloads(of: agent)
        #expect(reloads.contains("prometheusReloads=true") == pipeline.installed.version.hasPrefix("2."), "\(reloads)")
    }

    @Test(arguments: await InstalledPrograms.discovering)
    func `No scrape is lost while the central Prometheus is away`(_ installed: InstalledPrometheus) async throws {
        try await Pipeline.play(installed) { pipeline in
            let api = try await pipeline.startCentral()
            for index in 0..<3 { try await pipeline.targets.add("shop-\(index)", app: "shop") }
            try await pipeline.scenario.applyMonitor("shop")
            try await pipeline.applyAgent()
            try await pipeline.startAgent { $0.contains("serviceMonitor/") }
            try await pipeline.eventually("the series of all targets arrive") {
                try await api.query("up{tenant=\"a\"} == 1").count == 3
            }

            let targets = pipeline.targets.names.compactMap { name in pipeline.targets[name].map { (name, $0) } }
            try await pipeline.stopCentral()
            let before = targets.map(\.1.scrapes)
            try await pipeline.eventually("the agent continues to scrape for a while") {
                zip(targets, before).allSatisfy { $0.1.scrapes >= $1 + 16 }
            }
            let after = targets.map(\.1.scrapes)
            try await pipeline.startCentralAgain()
            for (index, (pod, _)) in targets.enumerated() {
                var missing: [Int] = []
                do {
                    try await pipeline.eventually("all of \(pod) arrives", within: .seconds(60)) {
                        let query = "sequence{tenant=\"a\",pod=\"\(pod)\"}[10m]"
                        guard let series = try await api.query(query).first else { return false }
                        let arrived = Set(series.values.map { Int($0) })
                        missing = (1...after[index]).filter { !arrived.contains($0) }
                        // If the agent gave up a scrape, as on a busy machine, its `up` is 0.
                        let up = try await api.query("up{tenant=\"a\",pod=\"\(pod)\"}[10m]").flatMap(\.values)
                        return missing.count <= up.count { $0 == 0 } && up.count >= after[index]
                    }
                } catch {
                    throw WaitingError(
                        description: "\(error): scrapes \(missing) of \(after[index]) are missing; "
                            + "it was away from \(before[index] + 1)")
                }
                // There is no gap: the samples are as close as the scrapes.
                let times = try await api.query("up{tenant=\"a\",pod=\"\(pod)\"}[10m]").first?.times ?? []
                let span = (times.last ?? 0) - (times.first ?? 0)
                #expect(Double(times.count) >= span * 0.8, "\(times.count) samples in \(span) s at one a second")
            }
        }
    }

    @Test(arguments: await InstalledPrograms.discovering)
    func `Two shards share the targets without overlap, and a removed shard hands its targets over`(
        _ installed: InstalledPrometheus
    ) async throws {
        try await Pipeline.play(installed) { pipeline in
            let api = try await pipeline.startCentral()
            // With so many, the probability that all fall to one shard is 1 in 30,000.
            for index in 0..<16 { try await pipeline.targets.add("shop-\(index)", app: "shop") }
            try await pipeline.targets.add("both-0", app: "both")
            try await pipeline.scenario.applyMonitor("shop")
            try await pipeline.scenario.applyMonitor(
                "both", ["relabelings": [["targetLabel": "__tmp_disable_sharding", "replacement": "true"]]])
            try await pipeline.applyAgent(["shards": 2, "replicas": 2])
            var agents: [[RunningAgent]] = []
            for shard in ["cluster-agent", "cluster-agent-shard-1"] {
                var replicas: [RunningAgent] = []
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

            // The series of replicas differ only by the label of the replica.
            try await pipeline.eventually("the series of both replicas of both shards arrive") {
                try await api.query("up{tenant=\"a\"} == 1").count == 2 * (16 + 2)
            }
            let series = try await api.query("up{tenant=\"a\"}").map(\.labels)
            for (shard, set) in ["cluster-agent", "cluster-agent-shard-1"].enumerated() {
                let own = (0..<2).map { replica in series.filter { $0["__replica__"] == "\(set)-\(replica)" } }
                #expect(own.allSatisfy { Set($0.compactMap { $0["pod"] }) == shards[shard] })
                let bare = own.map { Set($0.map { $0.filter { $0.key != "__replica__" } }) }
                #expect(bare[0] == bare[1])
            }

            try await removesShard(pipeline, agents, api)
        }
    }

    /// Expects that the other shard takes over all targets of a removed shard, and that the removed one knows when it
    /// has sent all its samples.
    private func removesShard(_ pipeline: Pipeline, _ agents: [[RunningAgent]], _ api: QueryAPI) async throws {
        let own = try await agents[1][0].pods().filter { $0 != "both-0" }
        let targets = try own.map { try #require(pipeline.targets[$0]) }
        try await pipeline.stopCentral()
        let before = targets.map(\.scrapes)
        try await pipeline.scenario.patch(PrometheusAgent.resource, "cluster", ["spec": ["shards": 1]])
        try await pipeline.eventually("the removed shard scrapes nothing, and the other one everything") {
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
            // This is true: its newest sample has arrived.
            let newest = try #require(try await agent.progress().newest)
            let series = try await api.query("up{__replica__=\"\(agent.name)\"}[10m]")
            #expect((series.flatMap(\.times).max() ?? 0) >= newest.rounded(.down))
        }
        // All scrapes arrive, from this shard or from the one that took over.
        for (index, target) in targets.enumerated() {
            let last = target.scrapes
            var missing: [Int] = []
            do {
                try await pipeline.eventually("all scrapes of \(own[index]) arrive") {
                    let selector = "{instance=\"\(target.address)\"}[10m]"
                    let series = Set(try await api.query("sequence\(selector)").flatMap(\.values).map { Int($0) })
                    let failed = try await api.query("up\(selector)").flatMap(\.values).count { $0 == 0 }
                    missing = (1...last).filter { !series.contains($0) }
                    // Each replica may have had one scrape in progress when it was told to stop scraping.
                    let cut = missing.count { $0 > before[index] && $0 <= handedOver[index] }
                    if missing.count - min(cut, agents[1].count) <= failed { return true }
                    return pipeline.mayHaveRefused(running)
                }
            } catch is WaitingError {
                throw WaitingError(
                    description: "scrapes \(missing) of \(last) of \(own[index]) did not arrive; it was handed over "
                        + "between \(before[index]) and \(handedOver[index])")
            }
        }
    }
}

extension RunningAgent {
    /// The progress that the operator reads from the metrics of a shard that drains.
    fileprivate func progress() async throws -> SendingProgress {
        var progress = SendingProgress()
        _ = try progress.take(status: 200, Array(try await metrics().utf8))
        _ = try progress.take(status: 200, [])
        return progress
    }
}
