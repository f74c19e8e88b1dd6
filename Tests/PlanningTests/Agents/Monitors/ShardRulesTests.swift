import Kube
import Testing
import YAML

@testable import Planning
import PlanningInput

/// How the targets of monitors are distributed to an agent's shards.
@Suite("Sharding of targets")
struct ShardRulesTests {
    private static func rules(_ shards: Int, of shard: Int) throws -> [String: [JSON]] {
        let scene = try Scene(
            MonitorSamples.agent(
                """
                shards: \(shards), serviceMonitorSelector: {}, probeSelector: {}, \
                scrapeConfigs: [{job_name: plain}, \
                {job_name: hashed, relabel_configs: [{action: hashmod, modulus: 2, target_label: __tmp_hash}]}]
                """), MonitorSamples.serviceMonitor("a"), MonitorSamples.probe("p"))
        let secret = shard == 0 ? "cluster-agent" : "cluster-agent-shard-\(shard)"
        let file = try YAML.parseOne(try scene.plan(agent: "cluster").file(secret)).value
        var rules: [String: [JSON]] = [:]
        for job in file["scrape_configs"]?.array ?? [] {
            rules[job["job_name"]?.string ?? ""] = job["relabel_configs"]?.array ?? []
        }
        return rules
    }

    @Test func `Targets are distributed to shards by the hash of their address, or of the probed target`() throws {
        for (job, source) in [
            ("serviceMonitor/observability/a/0", "__address__"), ("probe/observability/p", "__param_target"),
            ("plain", "__address__"),
        ] {
            let rules = try #require(try Self.rules(3, of: 1)[job])
            #expect(
                Array(rules.suffix(3)) == [
                    [
                        "source_labels": [JSON(source), "__tmp_hash"], "target_label": "__tmp_hash", "regex": "(.+);",
                        "replacement": "$1", "action": "replace",
                    ],
                    [
                        "source_labels": ["__tmp_hash"], "target_label": "__tmp_hash", "modulus": 3,
                        "action": "hashmod",
                    ],
                    // A target with this label is scraped by every shard.
                    [
                        "source_labels": ["__tmp_hash", "__tmp_disable_sharding"], "regex": "1;|.+;.+",
                        "action": "keep",
                    ],
                ])
        }
    }

    @Test func `A job that sets its own hash keeps it`() throws {
        #expect(try Self.rules(3, of: 1)["hashed"]?.count == 1)
    }

    @Test func `A single shard scrapes all targets without additional rules`() throws {
        let rules = try Self.rules(1, of: 0)
        #expect(!rules.values.joined().contains { $0.text().contains("__tmp_disable_sharding") })
        #expect(rules["plain"] == [])
    }
}
