import Kube
import KubeClient
import Planning
import PlanningInput
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The end of a shard that is taken away, with the operator asking the pods.
    ///
    /// They wait for most of a minute, so one after the other, for others to have their turn beside them.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Drains {
        /// Where it plays, and with which Prometheus.
        struct Stage: Sendable, CustomTestStringConvertible {
            var kind: ClusterKind
            var installed: InstalledPrometheus
            var testDescription: String { "\(installed) on \(kind.rawValue)" }
        }

        /// The oldest Prometheus that is there in a local cluster, and the newest one beside a genuine API server.
        static var stages: [Stage] {
            get async {
                let found = await Programs.prometheuses.compactMap { installed in
                    PrometheusVersion(installed.version).map { (version: $0, installed: installed) }
                }.sorted { $0.version < $1.version }.map(\.installed)
                guard let oldest = found.first, let newest = found.last else { return [] }
                guard ClusterKind.available.contains(.real) else { return [Stage(kind: .local, installed: newest)] }
                return [Stage(kind: .local, installed: oldest), Stage(kind: .real, installed: newest)]
            }
        }

        private static let shard = "cluster-agent-shard-1"

        @Test(.withPrometheus, arguments: await stages)
        func `a shard that is taken away stays until it has sent all that it has, and then it goes`(
            stage: Stage
        ) async throws {
            try await Pipeline.play(stage.installed, on: stage.kind) { pipeline in
                let scenario = pipeline.scenario
                let api = try await pipeline.startCentral()
                // By chance all fall to one shard once in thirty thousand runs.
                var targets: [Target] = []
                for _ in 0..<16 { targets.append(try await pipeline.targets.addOutside()) }
                try await pipeline.applySharded(scraping: targets)
                let stays = try await pipeline.startAgent("cluster-agent", at: freeLoopbackAddress(port: 9090)) {
                    $0.contains("job_name: app")
                }
                let goes = try await pipeline.startAgent(Self.shard, at: freeLoopbackAddress(port: 9090)) {
                    $0.contains("job_name: app")
                }
                try await pipeline.eventually("all targets arrive, and the agent is ready") {
                    let ready = Scenario.condition("Ready", of: try await scenario.get(.agents, "cluster"))
                    return try await api.query("up{job=\"app\"} == 1").count == targets.count && ready == "True Ready"
                }
                let addresses = try await goes.targets().compactMap { $0.labels["instance"] }
                let own = targets.filter { addresses.contains($0.address) }
                try #require(!own.isEmpty && own.count < targets.count)
                let pods = (scenario.workloads.uid(of: stays.name), scenario.workloads.uid(of: goes.name))
                let kept = try await scenario.get(.statefulSets, "cluster-agent")?.uid

                try await pipeline.stopCentral()
                let away = own.map(\.scrapes)
                try await pipeline.eventually("the shard scrapes while the central Prometheus is away") {
                    zip(own, away).allSatisfy { $0.scrapes >= $1 + 8 }
                }
                // Only this shard has these.
                let until = own.map(\.scrapes)
                try await scenario.patch(.agents, "cluster", ["spec": ["shards": 1]])
                try await pipeline.eventually("the shard that goes scrapes nothing, the other one everything") {
                    let left = try await goes.targets().count
                    let taken = try await stays.targets().count
                    return left == 0 && taken == targets.count
                }
                let handed = own.map(\.scrapes)
                try await staysWhileItHasSomethingLeft(pipeline, goes, uid: pods.1)

                try await pipeline.startCentralAgain()
                try await pipeline.eventually("the operator takes the shard away", within: .seconds(90)) {
                    try await scenario.get(.statefulSets, Self.shard) == nil
                }
                // At this moment, not some time: all that only this shard had is there.
                for (target, last) in zip(own, until) {
                    let missing = try await pipeline.missing(of: target, through: last, by: [goes], api)
                    #expect(missing == [], "of scrapes 1 to \(last) of \(target.address)")
                }
                try await waitUntil("its Secret, its budget and its pod are gone as well") {
                    let secret = try await scenario.get(.secrets, Self.shard)
                    let budget = try await scenario.get(.podDisruptionBudgets, Self.shard)
                    return secret == nil && budget == nil && scenario.workloads.uid(of: goes.name) == nil
                }
                #expect(goes.process.isRunning, "it did not end by itself")

                // The other one is as it was, and between the two nothing is lost.
                #expect(scenario.workloads.uid(of: stays.name) == pods.0)
                #expect(try await scenario.get(.statefulSets, "cluster-agent")?.uid == kept)
                #expect(try await scenario.get(.secrets, "cluster-agent") != nil)
                #expect(stays.process.isRunning)
                for (index, target) in own.enumerated() {
                    let last = target.scrapes
                    var missing: [Int] = []
                    do {
                        try await pipeline.eventually("") {
                            missing = try await pipeline.missing(of: target, through: last, by: [goes, stays], api)
                            // One may have been under way when the shard was told to scrape no more.
                            return missing.count <= 1
                                && missing.allSatisfy { $0 > until[index] && $0 <= handed[index] }
                        }
                    } catch is WaitingError {
                        throw WaitingError(
                            description:
                                "scrapes \(missing) of \(last) of \(target.address) do not arrive; it was "
                                + "handed over between \(until[index]) and \(handed[index])")
                    }
                }
                let message = try await scenario.readyMessage("cluster")
                #expect(message == "all 1 pods are ready")
                #expect(try await scenario.events("DrainTimedOut", about: "cluster") == [])
                #expect(try await scenario.events("DrainNotAnswering", about: "cluster") == [])
            }
        }

        /// The operator asks often enough that it would have gone if it was taken for done, or for quiet.
        private func staysWhileItHasSomethingLeft(_ pipeline: Pipeline, _ agent: Agent, uid: String?) async throws {
            let scenario = pipeline.scenario
            let log = try scenario.tributary.log
            func looks() -> Int {
                log.lines.count { $0.contains("says how far it is") && $0.contains(Self.shard) }
            }
            let before = looks()
            try await pipeline.eventually("the operator asks the shard six times", within: .seconds(90)) {
                try #require(try await scenario.get(.statefulSets, Self.shard) != nil, "it goes with all that it has")
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
        func `a shard whose pods never answer is told of, and goes when its time is made short or somebody deletes it`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                let address = try freeLoopbackAddress(port: 9090)
                // One for each way to end it; the pods of the third have no address.
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
                    let note = try await waitFor("it is told of") {
                        try await scenario.events("DrainNotAnswering", about: agent).first
                    }
                    let reason =
                        agent == "unborn"
                        ? "found no pods, or one without an address" : "http://\(address):9090/metrics"
                    #expect(note.contains(reason), "\(note)")
                    #expect(note.hasPrefix("shard 1 is being removed and its progress is unknown: "))
                    #expect(note.contains("spec.drainTimeout"), "\(note)")
                    try await waitUntil("its status says so too") {
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
                    try await waitUntil("nothing is said of it any more") {
                        try await scenario.readyMessage(agent) == "all 1 pods are ready"
                    }
                    #expect(try await scenario.get(.statefulSets, "\(agent)-agent") != nil)
                }
                try await waitUntil("what is lost is told of") {
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
    /// What the Ready condition of an agent says.
    fileprivate func readyMessage(_ agent: String) async throws -> String {
        let conditions = try await get(PrometheusAgent.resource, agent)?.json["status", "conditions"]?.array ?? []
        return conditions.first { $0["type"] == "Ready" }?["message"]?.string ?? ""
    }
}

extension Pipeline {
    /// Applies the agent `cluster` of tenant `a` in two shards, which scrapes some targets each second.
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

    /// Which scrapes of a target by some agents did not arrive; but for as many as they gave up themselves, as on a busy
    /// machine, and for what old versions refuse.
    fileprivate func missing(
        of target: Target, through last: Int, by agents: [Agent], _ api: QueryAPI
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
