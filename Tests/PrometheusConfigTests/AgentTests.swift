import Kube
import TestSupport
import Testing

@testable import PrometheusConfig

struct AgentTests {
    /// An agent with something of everything.
    static var full: AgentConfiguration {
        var agent = AgentConfiguration()
        agent.scrapeInterval = "30s"
        agent.scrapeTimeout = "10s"
        agent.externalLabels = ["tenant": "a", "cluster": "eu$1", "__replica__": .environment("POD_NAME")]
        agent.scrapeConfigs = [
            [
                "job_name": "node", "static_configs": [["targets": ["127.0.0.1:9100"]]],
                "relabel_configs": [["target_label": "site", "replacement": "x"]],
            ]
        ]
        var write = RemoteWrite(url: "https://metrics.example.org/api/v1/receive", name: "tenant")
        write.remoteTimeout = "30s"
        write.headers = ["THANOS-TENANT": "a"]
        write.writeRelabelConfigs = [RelabelConfig(sourceLabels: ["__name__"], regex: "go_.*", action: "drop")]
        write.basicAuth = .init(username: "a", passwordFile: "/etc/prometheus/secrets/a/password")
        write.tls = .init(caFile: "/etc/prometheus/tls/ca.crt", minVersion: "TLS12")
        write.queue = .init(capacity: 2500, maxShards: 10, retryOnRateLimit: true, sampleAgeLimit: "1h")
        write.metadata = .init(send: true)
        write.roundRobinDNS = true
        agent.remoteWrite = [write]
        return agent
    }

    func problems(_ version: PrometheusVersion = .init(3, 5), _ change: (inout AgentConfiguration) -> Void) -> [String]
    {
        var agent = Self.full
        change(&agent)
        return agent.generate(for: version).problems.map { "\($0.effect): \($0)" }
    }

    @Test func `an agent's file reads as a person would write it`() throws {
        let generated = Self.full.generate(for: .init(3, 5))
        #expect(generated.problems.isEmpty)
        #expect(
            try #require(generated.yaml) == #"""
                global:
                  scrape_interval: 30s
                  scrape_timeout: 10s
                  external_labels:
                    __replica__: ${POD_NAME}
                    cluster: eu$$1
                    tenant: a
                scrape_configs:
                - job_name: node
                  static_configs:
                  - targets:
                    - 127.0.0.1:9100
                  relabel_configs:
                  - target_label: site
                    replacement: x
                remote_write:
                - url: https://metrics.example.org/api/v1/receive
                  remote_timeout: 30s
                  headers:
                    THANOS-TENANT: a
                  name: tenant
                  write_relabel_configs:
                  - source_labels:
                    - __name__
                    regex: go_.*
                    action: drop
                  basic_auth:
                    username: a
                    password_file: /etc/prometheus/secrets/a/password
                  tls_config:
                    ca_file: /etc/prometheus/tls/ca.crt
                    min_version: TLS12
                  queue_config:
                    capacity: 2500
                    max_shards: 10
                    retry_on_http_429: true
                    sample_age_limit: 1h
                  metadata_config:
                    send: true
                  round_robin_dns: true

                """#)
    }

    @Test func `what a version does not know is left out and said`() {
        let generated = Self.full.generate(for: .init(2, 42))
        #expect(
            generated.problems.map { "\($0.effect): \($0)" } == [
                "dropped: remote write \"tenant\": queue_config.sample_age_limit: needs Prometheus v2.50.0, this is "
                    + "v2.42.0",
                "dropped: remote write \"tenant\": round_robin_dns: needs Prometheus v3.1.0, this is v2.42.0",
            ])
        let write = generated.json?["remote_write"]?[0]
        #expect(write?["round_robin_dns"] == nil && write?["queue_config", "sample_age_limit"] == nil)
        #expect(write?["queue_config", "capacity"] == 2500)
    }

    @Test func `a dollar in a label is doubled only where Prometheus expands labels`() {
        var agent = Self.full
        agent.externalLabels = ["cluster": "eu$1"]
        func label(_ version: PrometheusVersion) -> String? {
            agent.generate(for: version).json?["global", "external_labels", "cluster"]?.string
        }
        #expect(label(.init(2, 53)) == "eu$1")
        #expect(label(.init(3, 0)) == "eu$$1")
        agent.externalLabels["r"] = .environment("POD_NAME")
        #expect(label(.init(2, 53)) == "eu$$1")
    }

    @Test func `one bad scrape config is left out, the others stay`() {
        var agent = Self.full
        agent.scrapeConfigs += [
            "text", ["static_configs": []], ["job_name": "slow", "scrape_timeout": "1m"],
            ["job_name": "slower", "scrape_interval": "2m", "scrape_timeout": "1m"], ["job_name": "node"],
            ["job_name": "typo", "scrape_intervall": "1m"],
            ["job_name": "relabel", "metric_relabel_configs": [["action": "keep"], ["regex": "x"]]],
        ]
        let generated = agent.generate(for: .init(3, 5))
        #expect(generated.json?["scrape_configs"]?.array?.compactMap { $0["job_name"]?.string } == ["node", "slower"])
        #expect(
            generated.problems.map(\.description) == [
                "scrape config 1: should be an object, not a string",
                "scrape config 2: job_name: is required",
                "scrape config \"slow\": scrape_timeout: 1m is longer than the scrape interval 30s",
                "scrape config 5: job_name: \"node\" is the name of a job before it, names are unique",
                "scrape config \"typo\": scrape_intervall: is not a field of a scrape config",
                "scrape config \"relabel\": metric_relabel_configs[1].target_label: is required by action replace",
            ])
        #expect(generated.problems.allSatisfy { $0.effect == .rejected })
    }

    @Test func `an agent that sends nowhere has no file`() {
        #expect(problems { $0.remoteWrite = [] } == ["fatal: remote_write: is empty: an agent has to send somewhere"])
        var agent = Self.full
        agent.remoteWrite = []
        #expect(agent.generate(for: .init(3, 5)).yaml == nil)
    }

    @Test func `global settings that Prometheus would refuse leave no file`() {
        #expect(
            problems { $0.scrapeTimeout = "31s" }
                == ["fatal: global.scrape_timeout: 31s is longer than the scrape interval 30s"])
        #expect(
            problems { $0.scrapeInterval = "1 min" }.first
                == "fatal: global.scrape_interval: \"1 min\" is no duration, such as 30s or 1m")
        #expect(problems { $0.externalLabels["a-b"] = "c" }.first?.contains("\"a-b\" is no label name") == true)
        #expect(problems(.init(2, 31)) { _ in }.first?.hasPrefix("fatal: Prometheus v2.31.0 has no agent mode") == true)
    }

    @Test func `a remote write that Prometheus would refuse leaves no file`() {
        func first(_ change: (inout RemoteWrite) -> Void) -> String? {
            problems { change(&$0.remoteWrite[0]) }.first
        }
        let part = "fatal: remote write \"tenant\": "
        #expect(
            first { $0.url = "metrics.example.org" } == part
                + "url: \"metrics.example.org\" should be http://host… or https://host…")
        #expect(first { $0.url = "https://a:b@x/" } == part + "url: has credentials in it, which belong into a Secret")
        #expect(
            first { $0.authorization = .init(credentialsFile: "/t") }
                == part + "at most one of basic_auth and authorization can be given")
        #expect(
            first { $0.headers["Authorization"] = "x" } == part
                + "headers: \"Authorization\" is set by Prometheus itself")
        #expect(first { $0.headers["a b"] = "x" } == part + "headers: \"a b\" is no header name")
        #expect(
            first { $0.remoteTimeout = "fast" } == part + "remote_timeout: \"fast\" is no duration, such as 30s or 1m")
        #expect(first { $0.tls?.certFile = "/c" } == part + "tls_config: cert_file and key_file go together")
        #expect(
            first { $0.writeRelabelConfigs[0].regex = "(" }
                == part + "write_relabel_configs[0].regex: \"(\": a ( is not closed")
        #expect(
            problems { $0.remoteWrite.append($0.remoteWrite[0]) } == [
                "rejected: remote write \"tenant\": name: is given twice, names are unique"
            ])
    }

    @Test func `the command line has what each version needs to be an agent`() {
        let arguments = AgentArguments()
        #expect(
            arguments.list(for: .init(3, 5), Self.full) == [
                "--config.file=/etc/prometheus/prometheus.yaml", "--agent", "--storage.agent.path=/prometheus",
                "--web.enable-lifecycle",
            ])
        #expect(
            arguments.list(for: .init(2, 53), Self.full)[1] == "--enable-feature=agent,expand-external-labels")
        #expect(arguments.list(for: .init(2, 53), AgentConfiguration())[1] == "--enable-feature=agent")
        var all = arguments
        all.features = ["auto-gomemlimit", "agent"]
        all.reloadsAutomatically = true
        all.compressesWAL = false
        all.additional = ["--x"]
        #expect(
            all.list(for: .init(3, 5), Self.full).dropFirst(2) == [
                "--enable-feature=auto-gomemlimit,auto-reload-config", "--storage.agent.path=/prometheus",
                "--no-storage.agent.wal-compression", "--web.enable-lifecycle", "--x",
            ])
    }
}

/// With the Prometheus versions that are installed; where there is none, these tests have nothing to do.
struct RealPrometheusTests {
    @Test func `Prometheus itself takes the file`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            let yaml = try #require(AgentTests.full.generate(for: version).yaml)
            let path = try folder.write("prometheus.yaml", yaml)
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)\n\(yaml)")
        }
    }

    @Test func `what is refused here is refused by Prometheus as well`() async throws {
        let bad: [JSON] = [
            ["scrape_configs": [["job_name": "a", "scrape_timeout": "2m"]]],
            ["scrape_configs": [["job_name": "a"], ["job_name": "a"]]],
            ["scrape_configs": [["job_name": "a", "scrape_intervall": "2m"]]],
            ["scrape_configs": [["job_name": "a", "relabel_configs": [["regex": "x"]]]]],
            ["scrape_configs": [["job_name": "a", "relabel_configs": [["action": "keep", "regex": "(?=a)"]]]]],
            ["global": ["external_labels": ["a": "b"], "scrape_interval": "1.5m"]],
            ["remote_write": [["url": "https://x", "headers": ["Authorization": "x"]]]],
            [
                "remote_write": [
                    ["url": "https://x", "basic_auth": ["username": "a"], "authorization": ["credentials": "x"]]
                ]
            ],
        ]
        for installed in await InstalledPrometheus.all() {
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            for (index, document) in bad.enumerated() {
                var document = document
                if document["remote_write"] == nil { document["remote_write"] = [["url": "https://x"]] }
                let path = try folder.write("bad-\(index).yaml", document.text())
                let result = try await ChildProcess.run(
                    installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
                #expect(result.code != 0, "\(installed) takes \(document)")
            }
        }
    }

    @Test func `the arguments start an agent`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            var agent = AgentTests.full
            agent.scrapeConfigs = []
            agent.remoteWrite = [RemoteWrite(url: "http://127.0.0.1:9/")]
            var arguments = AgentArguments()
            arguments.configFile = try folder.write("prometheus.yaml", try #require(agent.generate(for: version).yaml))
            arguments.storagePath = folder.path("data")
            arguments.listenAddress = "127.0.0.1:0"
            let log = folder.path("log")
            let child = try ChildProcess(
                installed.prometheus, arguments.list(for: version, agent),
                environment: ["POD_NAME": "agent-0"], logPath: log)
            do {
                try await waitUntil("\(installed) is ready or ended", within: .seconds(30)) {
                    !child.isRunning || child.log.contains("Server is ready to receive web requests")
                }
                #expect(child.isRunning, "\(installed): \(child.log)")
            } catch {
                Issue.record("\(installed): \(child.log)")
            }
            await child.stop()
        }
    }
}
