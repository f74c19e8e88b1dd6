import TestSupport
import Testing

/// What `tributary lint` says about files that are configurations of Prometheus.
@Suite struct `tributary lint with configurations of Prometheus` {
    private func lint(_ file: String, _ options: String...) async throws -> (lines: [String], code: Int32) {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let path = try folder.write("prometheus.yaml", file)
        let outcome = try await Tool.run(["lint"] + options + [path])
        #expect(outcome.errors == "")
        let lines = outcome.output.split(separator: "\n").map { String($0.dropFirst(path.count + 1)) }
        return (lines, outcome.code)
    }

    @Test
    func `The command lint takes a configuration of Prometheus for what it is, and names every fault at its place`()
        async throws
    {
        let found = try await lint(
            """
            global:
              scrape_interval: 15s
              external_label: {a: b}
            scrape_configs:
            - job_name: pods
              scrape_timeout: 20s
              kubernetes_sd_configs:
              - role: pods
            - job_name: pods
              static_configs:
              - targts: [a:1]
            remote_write:
            - url: http://central/api/v1/write
              remote_timeout: 30
              queue_config: {max_shard: 10}
            - {name: a}
            """)
        #expect(
            found.lines == [
                #"3:3: error: global.external_label: is not a field of global. Did you mean "external_labels"?"#,
                "6:3: error: scrape_configs[0].scrape_timeout: 20s is longer than the scrape interval 15s",
                #"8:5: error: scrape_configs[0].kubernetes_sd_configs[0].role: "pods" should be one of endpoints, endpointslice, ingress, node, pod, service"#,
                #"9:3: error: scrape_configs[1].job_name: "pods" is the name of an earlier job; names should be unique"#,
                #"11:5: error: scrape_configs[1].static_configs[0].targts: is not a field of a static config. Did you mean "targets"?"#,
                #"14:3: error: remote_write[0].remote_timeout: "30" is not a valid duration; expected for example 30s or 1m"#,
                #"15:18: error: remote_write[0].queue_config.max_shard: is not a field of a queue_config. Did you mean "max_shards"?"#,
                "16:3: error: remote_write[1].url: is required",
            ])
        #expect(found.code == 1)
    }

    @Test func `The command lint knows the fields of the version that is named`() async throws {
        let file = "scrape_configs: [{job_name: a, scrape_classic_histograms: true}]"
        #expect(try await lint(file, "--prometheus-version", "v2.53.0").code == 0)
        let newer = try await lint(file)
        #expect(
            newer.lines == [
                "1:32: error: scrape_configs[0].scrape_classic_histograms: is not a field of a scrape config from "
                    + "Prometheus v3.0.0 on, this is v3.5.0; use always_scrape_classic_histograms"
            ])
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let outcome = try await Tool.run(["lint", "--prometheus-version", "new", try folder.write("a.yaml", file)])
        #expect(outcome.code == 2)
    }

    @Test func `The command lint accepts a good configuration of Prometheus`() async throws {
        let found = try await lint(
            """
            global: {scrape_interval: 30s, external_labels: {tenant: a}}
            rule_files: [rules/*.yaml]
            scrape_config_files: [jobs-*.yaml]
            alerting:
              alertmanagers: [{static_configs: [{targets: ['alertmanager:9093']}]}]
            scrape_configs: [{job_name: a, static_configs: [{targets: [a:1]}]}]
            remote_write: [{url: 'http://central/api/v1/write', headers: {X-Scope-OrgID: a}}]
            storage: {tsdb: {out_of_order_time_window: 10m}}
            """)
        #expect(found.lines == [])
        #expect(found.code == 0)
    }
}
