import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The drain of a removed shard: the operator asks its pods what they have left to send.
    ///
    /// Each test waits for most of a minute. They run one after the other, so that other scenarios can run meanwhile.
    @Suite("The drain of a removed shard", .serialized, .timeLimit(.minutes(5))) struct DrainStory {
        /// The cluster and the Prometheus of a test.
        struct Stage: Sendable, CustomTestStringConvertible {
            var kind: ClusterKind
            var installed: InstalledPrometheus
            var testDescription: String { "\(installed) on \(kind.rawValue)" }
        }

        /// The oldest installed Prometheus with a local cluster, and the newest one with a real API server.
        static var stages: [Stage] {
            get async {
                let found = await InstalledPrograms.prometheuses.compactMap { installed in
                    PrometheusVersion(installed.version).map { (version: $0, installed: installed) }
                }.sorted { $0.version < $1.version }.map(\.installed)
                guard let oldest = found.first, let newest = found.last else { return [] }
                guard ClusterKind.available.contains(.real) else { return [Stage(kind: .local, installed: newest)] }
                return [Stage(kind: .local, installed: oldest), Stage(kind: .real, installed: newest)]
            }
        }

        private static let shard = "cluster-agent-shard-1"

        @Test(.withPrometheus, arguments: await stages)
        func `A removed shard stays until it has sent all its samples, and is deleted then`(
            stage: Stage
        ) async throws {
            try await Pipeline.play(stage.installed, on: stage.kind) { pipeline in
                let scenario = pipeline.scenario
                let api = try await pipeline.startCentral()
                // With so many, the probability that all fall to one shard is 1 in 30,000.
                var targets: [Target] = []
                for _ in 0..<16 { targets.append(try await pipeline.targets.addOutside()) }
                try await pipeline.applySharded(scraping: targets)
                let remaining = try await pipeline.startAgent("cluster-agent", at: freeLoopbackAddress(port: 9090)) {
                    $0.contains("job_name: app")
                }
                let removed = try await pipeline.startAgent(Self.shard, at: freeLoopbackAddress(port: 9090)) {
                    $0.contains("job_name: app")
                }
                try await pipeline.eventually("all targets arrive, and the agent is ready") {
                    let ready = Scenario.condition("Ready", of: try await scenario.get(.agents, "cluster"))
                    return try await api.query("up{job=\"app\"} == 1").count == targets.count && ready == "True Ready"
                }
                let addresses = try await removed.targets().compactMap { $0.labels["instance"] }
                let own = targets.filter { addresses.contains($0.address) }
                try #require(!own.isEmpty && own.count < targets.count)
                let pods = (scenario.workloads.uid(of: remaining.name), scenario.workloads.uid(of: removed.name))
                let kept = try await scenario.get(.statefulSets, "cluster-agent")?.uid

                try await pipeline.stopCentral()
                let away = own.map(\.scrapes)
                try await pipeline.eventually("the shard scrapes while the central Prometheus is away") {
                    zip(own, away).allSatisfy { $0.scrapes >= $1 + 8 }
                }
                // Only this shard has these scrapes.
                let until = own.map(\.scrapes)
                try await scenario.patch(.agents, "cluster", ["spec": ["shards": 1]])
                try await pipeline.eventually("the removed shard scrapes nothing, and the other one everything") {
                    let left = try await removed.targets().count
                    let taken = try await remaining.targets().count
                    return left == 0 && taken == targets.count
                }
                let handed = own.map(\.scrapes)
                try await expectToStay(pipeline, removed, uid: pods.1)

                try await pipeline.startCentralAgain()
                try await pipeline.eventually("the operator deletes the shard", within: .seconds(90)) {
                    try await scenario.get(.statefulSets, Self.shard) == nil
                }
                // At this moment, not some time later, all samples that only this shard had have arrived.
                for (target, last) in zip(own, until) {
                    let missing = try await pipeline.missing(of: target, through: last, by: [removed], api)
                    #expect(missing == [], "of scrapes 1 to \(last) of \(target.address)")
                }
                try await waitUntil("its Secret, its PodDisruptionBudget and its pod are deleted, too") {
                    let secret = try await scenario.get(.secrets, Self.shard)
                    let budget = try await scenario.get(.podDisruptionBudgets, Self.shard)
                    return secret == nil && budget == nil && scenario.workloads.uid(of: removed.name) == nil
                }
                #expect(removed.process.isRunning, "the process did not end by itself")

                // The other shard is unchanged, and together they have lost nothing.
                #expect(scenario.workloads.uid(of: remaining.name) == pods.0)
                #expect(try await scenario.get(.statefulSets, "cluster-agent")?.uid == kept)
                #expect(try await scenario.get(.secrets, "cluster-agent") != nil)
                #expect(remaining.process.isRunning)
                for (index, target) in own.enumerated() {
                    let last = target.scrapes
                    var missing: [Int] = []
                    do {
                        try await pipeline.eventually("") {
                            missing = try await pipeline.missing(
                                of: target, through: last, by: [removed, remaining], api)
                            // One scrape may have been in progress when the shard was told to stop scraping.
                            return missing.count <= 1
                                && missing.allSatisfy { $0 > until[index] && $0 <= handed[index] }
                        }
                    } catch is WaitingError {
                        throw WaitingError(
                            description:
                                "scrapes \(missing) of \(last) of \(target.address) did not arrive; it was "
                                + "handed over between \(until[index]) and \(handed[index])")
                    }
                }
                let message = try await scenario.readyMessage("cluster")
                #expect(message == "all 1 pods are ready")
                #expect(try await scenario.events("DrainTimedOut", about: "cluster") == [])
                #expect(try await scenario.events("DrainNotAnswering", about: "cluster") == [])
            }
        }

        /// Waits for so many requests of the operator that it would have deleted the shard if it considered the shard
        /// done or quiet.
        private func expectToStay(_ pipeline: Pipeline, _ agent: RunningAgent, uid: String?)
            async throws
        {
            let scenario = pipeline.scenario
            let log = try scenario.tributary.log
            func looks() -> Int {
                log.lines.count { $0.contains("pendingSamples=") && $0.contains(Self.shard) }
            }
            let before = looks()
            try await pipeline.eventually("the operator asks the shard six times", within: .seconds(90)) {
                try #require(
                    try await scenario.get(.statefulSets, Self.shard) != nil, "the shard is deleted with unsent samples"
                )
                return looks() >= before + 6
            }
            let set = try #require(try await scenario.get(.statefulSets, Self.shard))
            #expect(set.annotations["tributary.dev/draining-since"] != nil)
            #expect(try await scenario.get(.secrets, Self.shard) != nil)
            #expect(try await scenario.get(.podDisruptionBudgets, Self.shard) != nil)
            #expect(scenario.workloads.uid(of: agent.name) == uid)
            #expect(agent.process.isRunning)
            let message = try await scenario.readyMessage("cluster")
            #expect(
                message.hasPrefix(
                    "all 1 pods are ready; shard 1 scrapes no targets and is removed when all samples are sent, at "))
        }

        @Test(arguments: ClusterKind.available)
        func `A removed shard that never answers is reported, and ends by a shorter timeout or by deletion`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                let address = try freeLoopbackAddress(port: 9090)
                // One agent for each way to end the drain. The pods of the third one have no address.
                let agents = ["timed", "deleted", "unborn"]
                for agent in agents {
                    if agent != "unborn" {
                        scenario.workloads.give("\(agent)-agent-shard-1-0", address: address)
                    }
                    try await scenario.apply(
                        .agents, agent,
                        [
                            "spec": [
                                "shards": 2, "podDisruptionBudget": ["enabled": true],
                                "scrapeConfigs": [
                                    ["job_name": "app", "static_configs": [["targets": ["localhost:1"]]]]
                                ],
                                "remoteWrite": [["name": "central", "url": "https://central.example.org/write"]],
                            ]
                        ])
                }
                for agent in agents {
                    try await scenario.waitForReady(.agents, agent)
                    try await scenario.patch(.agents, agent, ["spec": ["shards": 1]])
                }
                for agent in agents {
                    let note = try await waitFor("an Event reports it") {
                        try await scenario.events("DrainNotAnswering", about: agent).first
                    }
                    let reason =
                        agent == "unborn"
                        ? "found no pods, or one without an address" : "http://\(address):9090/metrics"
                    #expect(note.contains(reason), "\(note)")
                    #expect(note.hasPrefix("shard 1 is being removed and its progress is unknown: "))
                    #expect(note.contains("spec.drainTimeout"), "\(note)")
                    try await waitUntil("the status reports it, too") {
                        try await scenario.readyMessage(agent).hasSuffix("at the latest; no answer from shard 1")
                    }
                    #expect(Scenario.condition("Ready", of: try await scenario.get(.agents, agent)) == "True Ready")
                    #expect(try await scenario.get(.statefulSets, "\(agent)-agent-shard-1") != nil)
                }
                for agent in ["timed", "unborn"] {
                    try await scenario.patch(.agents, agent, ["spec": ["drainTimeout": "0s"]])
                }
                try await scenario.client.delete(.statefulSets, scenario.key("deleted-agent-shard-1"))
                for agent in agents {
                    for resource in [Resource.statefulSets, .secrets, .podDisruptionBudgets] {
                        try await scenario.waitUntilGone(resource, "\(agent)-agent-shard-1")
                    }
                    try await waitUntil("the status no longer mentions the shard") {
                        try await scenario.readyMessage(agent) == "all 1 pods are ready"
                    }
                    #expect(try await scenario.get(.statefulSets, "\(agent)-agent") != nil)
                }
                try await waitUntil("an Event reports the loss") {
                    try await scenario.events("DrainTimedOut", about: "timed").count == 1
                }
                #expect(try await scenario.events("DrainTimedOut", about: "deleted") == [])
            }
        }
    }
}

extension Resource {
    fileprivate static let agents = PrometheusAgent.resource
}

extension Scenario {
    /// The message of an agent's Ready condition.
    fileprivate func readyMessage(_ agent: String) async throws -> String {
        let conditions = try await get(PrometheusAgent.resource, agent)?.json["status", "conditions"]?.array ?? []
        return conditions.first { $0["type"] == "Ready" }?["message"]?.string ?? ""
    }
}

extension Pipeline {
    /// Applies the agent `cluster` of tenant `a` with two shards, which scrape some targets each second.
    fileprivate func applySharded(scraping targets: [Target]) async throws {
        var spec: JSON = [
            "version": JSON(installed.version), "tenantRef": ["name": "tenant-a"], "scrapeInterval": "1s",
            "shards": 2, "podDisruptionBudget": ["enabled": true],
            "scrapeConfigs": [
                ["job_name": "app", "static_configs": [["targets": JSON(targets.map(\.address))]]]
            ],
            "remoteWrite": [["name": "tenant", "queueConfig": ["batchSendDeadline": "500ms", "maxBackoff": "1s"]]],
        ]
        if installed.version.hasPrefix("3.") {
            spec["additionalArgs"] = [["name": "config.auto-reload-interval", "value": "1s"]]
        }
        try await scenario.apply(.agents, "cluster", ["spec": spec])
    }

    /// The scrapes of a target by some agents that did not arrive. None if the agents gave up at least as many scrapes
    /// themselves, as on a busy machine, or if an old version may have refused samples.
    fileprivate func missing(
        of target: Target, through last: Int, by agents: [RunningAgent], _ api: QueryAPI
    ) async throws -> [Int] {
        if mayHaveRefused(agents) { return [] }
        let replicas = agents.map(\.name).joined(separator: "|")
        let selector = "{instance=\"\(target.address)\",__replica__=~\"\(replicas)\"}[10m]"
        let arrived = Set(try await api.query("sequence\(selector)").flatMap(\.values).map { Int($0) })
        let failed = try await api.query("up\(selector)").flatMap(\.values).count { $0 == 0 }
        let missing = (1...last).filter { !arrived.contains($0) }
        return missing.count <= failed ? [] : missing
    }
}
