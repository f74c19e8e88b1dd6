import Kube
import TestSupport
import Testing

@testable import PrometheusConfig

@Suite("The configuration of an agent")
struct AgentConfigurationTests {
    /// An agent with settings of every kind.
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

    @Test func `The file of an agent reads like a handwritten one`() throws {
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

    @Test func `Settings that the version does not know are omitted with a problem each`() {
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

    @Test func `A dollar sign in a label is doubled only if Prometheus expands labels`() {
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

    @Test func `A bad scrape configuration is omitted alone`() {
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
                "scrape config 5: job_name: \"node\" is the name of an earlier job; names should be unique",
                "scrape config \"typo\": scrape_intervall: is not a field of a scrape config. Did you mean \"scrape_interval\"?",
                "scrape config \"relabel\": metric_relabel_configs[1].target_label: is required by action replace",
            ])
        #expect(generated.problems.allSatisfy { $0.effect == .rejected })
    }

    @Test func `An agent without a remote write has a file, since Prometheus runs it`() {
        #expect(problems { $0.remoteWrite = [] } == [])
        var agent = Self.full
        agent.remoteWrite = []
        #expect(agent.generate(for: .init(3, 5)).yaml?.contains("remote_write: []") == true)
    }

    @Test func `An agent with bad global settings has no file`() {
        #expect(
            problems { $0.scrapeTimeout = "31s" }
                == ["fatal: global.scrape_timeout: 31s is longer than the scrape interval 30s"])
        #expect(
            problems { $0.scrapeInterval = "1 min" }.first
                == "fatal: global.scrape_interval: \"1 min\" is not a valid duration; expected for example 30s or 1m")
        #expect(
            problems { $0.externalLabels["a-b"] = "c" }.first?.contains("\"a-b\" is not a valid label name") == true)
        #expect(problems(.init(2, 31)) { _ in }.first?.hasPrefix("fatal: Prometheus v2.31.0 has no agent mode") == true)
    }

    @Test func `An agent whose only remote write is bad has no file`() {
        func first(_ change: (inout RemoteWrite) -> Void) -> String? {
            problems { change(&$0.remoteWrite[0]) }.first
        }
        let part = "fatal: remote write \"tenant\": "
        #expect(
            first { $0.url = "metrics.example.org" } == part
                + "url: \"metrics.example.org\" should be http://host… or https://host…")
        #expect(first { $0.url = "https://a:b@x/" } == part + "url: contains credentials, which should be in a Secret")
        #expect(
            first { $0.authorization = .init(credentialsFile: "/t") }
                == part + "at most one of basic_auth and authorization can be set")
        #expect(
            first { $0.headers["Authorization"] = "x" } == part
                + "headers: \"Authorization\" is set by Prometheus itself")
        #expect(first { $0.headers["a b"] = "x" } == part + "headers: \"a b\" is not a valid header name")
        #expect(
            first { $0.remoteTimeout = "fast" } == part
                + "remote_timeout: \"fast\" is not a valid duration; expected for example 30s or 1m")
        #expect(first { $0.tls?.certFile = "/c" } == part + "tls_config: cert_file and key_file should be set together")
        #expect(
            first { $0.writeRelabelConfigs[0].regex = "(" }
                == part + "write_relabel_configs[0].regex: \"(\": missing closing )")
        #expect(
            problems { $0.remoteWrite.append($0.remoteWrite[0]) } == [
                "rejected: remote write \"tenant\": name: is used twice; names should be unique"
            ])
    }
}
