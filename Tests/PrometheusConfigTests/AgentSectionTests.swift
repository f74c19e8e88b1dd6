import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

/// What stands in an agent's file for all jobs, and which version of Prometheus knows it.
struct AgentSectionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// The field of the custom resource, as YAML.
        var field: String
        /// Where it stands in the file, and what.
        var path: [String]
        var value: JSON
        var first: PrometheusVersion
        var testDescription: String { field }

        init(_ field: String, _ path: String, _ value: JSON, _ first: PrometheusVersion) {
            (self.field, self.value, self.first) = (field, value, first)
            self.path = path.split(separator: ".").map(String.init)
        }
    }

    static let rows: [Row] = [
        Row("scrapeProtocols: [PrometheusProto]", "global.scrape_protocols", ["PrometheusProto"], .init(2, 49)),
        Row("bodySizeLimit: 10MB", "global.body_size_limit", "10MB", .init(2, 45)),
        Row("sampleLimit: 5", "global.sample_limit", 5, .init(2, 45)),
        Row("targetLimit: 5", "global.target_limit", 5, .init(2, 45)),
        Row("labelLimit: 5", "global.label_limit", 5, .init(2, 45)),
        Row("labelNameLengthLimit: 5", "global.label_name_length_limit", 5, .init(2, 45)),
        Row("labelValueLengthLimit: 5", "global.label_value_length_limit", 5, .init(2, 45)),
        Row("keepDroppedTargets: 5", "global.keep_dropped_targets", 5, .init(2, 47)),
        Row("scrapeFailureLogFile: /l/f.log", "global.scrape_failure_log_file", "/l/f.log", .init(2, 55)),
        Row(
            "scrapeFailureLogFile: f.log", "global.scrape_failure_log_file", "/var/log/prometheus/f.log",
            .init(2, 55)),
        Row("nameValidationScheme: UTF8", "global.metric_name_validation_scheme", "utf8", .init(3, 0)),
        Row("nameEscapingScheme: AllowUTF8", "global.metric_name_escaping_scheme", "allow-utf-8", .init(3, 4)),
        Row(
            "convertClassicHistogramsToNHCB: true", "global.convert_classic_histograms_to_nhcb", true, .init(3, 4)),
        Row("scrapeClassicHistograms: true", "global.always_scrape_classic_histograms", true, .init(3, 5)),
        Row("scrapeNativeHistograms: true", "global.scrape_native_histograms", true, .init(3, 8)),
        Row("runtime: {goGC: 50}", "runtime.gogc", 50, .init(2, 53)),
        Row("tsdb: {outOfOrderTimeWindow: 1h}", "storage.tsdb.out_of_order_time_window", "1h", .init(2, 54)),
        Row(
            "tsdb: {staleSeriesCompactionThreshold: '0.5'}", "storage.tsdb.stale_series_compaction_threshold", 0.5,
            .init(3, 10)),
        Row("tsdb: {chunkEncoding: {floats: Xor2}}", "storage.tsdb.chunk_encoding.floats", "xor2", .init(3, 13)),
        Row("otlp: {promoteResourceAttributes: [a]}", "otlp.promote_resource_attributes", ["a"], .init(2, 55)),
        Row(
            "otlp: {translationStrategy: NoUTF8EscapingWithSuffixes}", "otlp.translation_strategy",
            "NoUTF8EscapingWithSuffixes", .init(3, 0)),
        Row("otlp: {translationStrategy: NoTranslation}", "otlp.translation_strategy", "NoTranslation", .init(3, 4)),
        Row(
            "otlp: {translationStrategy: UnderscoreEscapingWithoutSuffixes}", "otlp.translation_strategy",
            "UnderscoreEscapingWithoutSuffixes", .init(3, 6)),
        Row(
            "otlp: {keepIdentifyingResourceAttributes: true}", "otlp.keep_identifying_resource_attributes", true,
            .init(3, 1)),
        Row("otlp: {convertHistogramsToNHCB: true}", "otlp.convert_histograms_to_nhcb", true, .init(3, 4)),
        Row("otlp: {promoteAllResourceAttributes: true}", "otlp.promote_all_resource_attributes", true, .init(3, 5)),
        Row("otlp: {promoteScopeMetadata: true}", "otlp.promote_scope_metadata", true, .init(3, 6)),
        Row(
            "otlp: {labelNameUnderscoreSanitization: false}", "otlp.label_name_underscore_sanitization", false,
            .init(3, 8)),
        Row(
            "otlp: {labelNamePreserveMultipleUnderscores: false}", "otlp.label_name_preserve_multiple_underscores",
            false, .init(3, 8)),
    ]

    private func generate(_ yaml: String, _ version: PrometheusVersion) throws -> GeneratedConfiguration {
        var agent = AgentConfiguration()
        agent.remoteWrite = [RemoteWrite(url: "https://a.example.org")]
        agent.sections = AgentSections(try YAML.parseOne("{\(yaml)}").value)
        return agent.generate(for: version)
    }

    @Test(arguments: rows) func `a field is written from its version on, and left out and said before`(
        _ row: Row
    ) throws {
        let new = try generate(row.field, row.first)
        #expect(new.problems == [])
        #expect(new.json?[path: row.path] == row.value)
        let before =
            row.first.minor > 0
            ? PrometheusVersion(row.first.major, row.first.minor - 1) : PrometheusVersion(row.first.major - 1, 55)
        let old = try generate(row.field, before)
        #expect(old.json?[path: row.path] == nil && old.json?["remote_write"] != nil)
        #expect(old.problems.map(\.effect) == [.dropped])
        #expect(old.problems.first?.message.contains("needs Prometheus \(row.first)") == true)
        // A section without anything in it is none.
        #expect(old.json?[row.path[0]]?.object?.isEmpty != true)
    }

    @Test func `all of storage is one section`() throws {
        let generated = try generate(
            """
            tsdb: {outOfOrderTimeWindow: 1h, staleSeriesCompactionThreshold: '0.7', chunkEncoding: {floats: Xor}}
            """, .init(3, 13))
        let text = try #require(generated.yaml)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("storage:") } == 1)
        #expect(generated.json?["storage", "tsdb"]?.object?.count == 3)
    }

    @Test func `traces go where they are told`() throws {
        var agent = AgentConfiguration()
        agent.remoteWrite = [RemoteWrite(url: "https://a.example.org")]
        agent.sections = AgentSections(
            try YAML.parseOne(
                """
                tracingConfig: {endpoint: 'otel:4317', clientType: GRPC, samplingFraction: 100m, insecure: false,
                  headers: {b: '1', a: '2'}, compression: Gzip, timeout: 5s}
                """
            ).value, tracingTLS: .init(caFile: "/ca", maxVersion: "TLS13"))
        #expect(
            YAML.write(agent.generate(for: .init(3, 5)).json?["tracing"] ?? .null) == """
                endpoint: otel:4317
                client_type: grpc
                sampling_fraction: 0.1
                insecure: false
                headers:
                  a: "2"
                  b: "1"
                compression: gzip
                timeout: 5s
                tls_config:
                  ca_file: /ca
                  max_version: TLS13

                """)
    }

    @Test func `a field that does not fit is left out alone`() throws {
        for (field, message) in [
            ("otlp: {promoteAllResourceAttributes: true, promoteResourceAttributes: [a]}", "cannot be true beside"),
            ("otlp: {ignoreResourceAttributes: [a]}", "needs promoteAllResourceAttributes"),
            (
                "otlp: {translationStrategy: NoUTF8EscapingWithSuffixes}, nameValidationScheme: Legacy",
                "does not go with nameValidationScheme"
            ),
            ("otlp: {translationStrategy: Magic}", "\"Magic\" should be one of"),
            ("otlp: 5", "should be an object"), ("tracingConfig: {}", "is required"),
            ("tracingConfig: {endpoint: 'a:1', samplingFraction: 2}", "should be a number from 0 to 1"),
            ("tsdb: {outOfOrderTimeWindow: soon}", "is no duration"), ("runtime: {goGC: '1'}", "whole number"),
        ] {
            let generated = try generate(field, .init(3, 5))
            #expect(generated.json?["remote_write"] != nil)
            #expect(generated.problems.map(\.effect) == [.dropped], "\(field)")
            #expect(generated.problems.first?.message.contains(message) == true, "\(generated.problems)")
        }
    }

    @Test func `the lesser of an agent's limit and the enforced one holds`() {
        func limit(_ own: Int?, _ enforced: Int?) -> JSON? {
            var sections = AgentSections(["sampleLimit": own.map { JSON($0) } ?? .null])
            sections.enforced.sample = enforced
            return sections.written(for: .init(3, 5)).limits["sample_limit"]
        }
        #expect(limit(5, nil) == 5 && limit(5, 3) == 3 && limit(5, 9) == 5 && limit(nil, 7) == 7 && limit(0, 7) == 7)
        #expect(limit(0, nil) == nil && limit(nil, 0) == nil)
    }

    @Test func `Prometheus itself takes all of them`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            for (index, row) in Self.rows.enumerated() {
                let yaml = try #require(try generate(row.field, version).yaml)
                let path = try folder.write("\(index).yaml", yaml)
                let result = try await ChildProcess.run(
                    installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
                #expect(result.code == 0, "\(installed): \(result.output)\n\(yaml)")
            }
        }
    }
}

/// Ways to authenticate and other settings of remote write that need a version.
struct RemoteWriteVersionTests {
    static let settings: [(field: String, effect: ConfigProblem.Effect, first: PrometheusVersion, write: RemoteWrite)] =
        {
            func write(_ change: (inout RemoteWrite) -> Void) -> RemoteWrite {
                var write = RemoteWrite(url: "https://a.example.org")
                change(&write)
                return write
            }
            let oauth2: JSON = ["client_id": "a", "client_secret_file": "/s", "token_url": "https://t"]
            func token(_ key: String, _ value: JSON) -> JSON {
                var json = oauth2
                json[key] = value
                return json
            }
            let id = "00000000-0000-0000-0000-000000000000"
            let login: JSON = ["client_id": JSON(id), "tenant_id": JSON(id)]
            return [
                ("protobuf_message", .dropped, .init(2, 54), write { $0.protobufMessage = RemoteWrite.secondMessage }),
                ("send_native_histograms", .dropped, .init(2, 40), write { $0.sendNativeHistograms = true }),
                ("round_robin_dns", .dropped, .init(3, 1), write { $0.roundRobinDNS = true }),
                ("proxy_from_environment", .dropped, .init(2, 43), write { $0.proxyFromEnvironment = true }),
                ("tls_config.max_version", .dropped, .init(2, 41), write { $0.tls = .init(maxVersion: "TLS13") }),
                (
                    "queue_config.sample_age_limit", .dropped, .init(2, 50),
                    write { $0.queue = .init(sampleAgeLimit: "1h") }
                ),
                (
                    "sigv4.external_id", .dropped, .init(3, 11),
                    write { $0.sigv4 = ["role_arn": "r", "external_id": "x"] }
                ),
                (
                    "sigv4.use_fips_sts_endpoint", .dropped, .init(2, 54),
                    write { $0.sigv4 = ["region": "eu", "use_fips_sts_endpoint": true] }
                ),
                ("oauth2.proxy_url", .dropped, .init(2, 43), write { $0.oauth2 = token("proxy_url", "http://p") }),
                (
                    "oauth2.tls_config", .rejected, .init(2, 43),
                    write { $0.oauth2 = token("tls_config", ["ca_file": "/ca"]) }
                ),
                (
                    "proxy_connect_header", .rejected, .init(2, 43),
                    write {
                        $0.proxyURL = "http://p"
                        $0.proxyConnectHeader = ["A": ["b"]]
                    }
                ),
                (
                    "azuread", .rejected, .init(2, 45),
                    write { $0.azureAD = ["managed_identity": ["client_id": JSON(id)]] }
                ),
                ("azuread.sdk", .rejected, .init(2, 52), write { $0.azureAD = ["sdk": ["tenant_id": "t"]] }),
                (
                    "azuread.workload_identity", .rejected, .init(3, 7),
                    write { $0.azureAD = ["workload_identity": login] }
                ),
                (
                    "azuread.scope", .dropped, .init(3, 9),
                    write { $0.azureAD = ["managed_identity": ["client_id": JSON(id)], "scope": "s"] }
                ),
            ]
        }()

    @Test func `what a version does not know is left out, or leaves its place out where it is the credentials`() {
        for setting in Self.settings {
            var agent = AgentConfiguration()
            agent.remoteWrite = [setting.write, RemoteWrite(url: "https://other.example.org", name: "other")]
            #expect(agent.generate(for: setting.first).problems == [], "\(setting.field)")
            let before =
                setting.first.minor > 0
                ? PrometheusVersion(setting.first.major, setting.first.minor - 1) : PrometheusVersion(2, 55)
            let old = agent.generate(for: before)
            #expect(old.problems.map { "\($0.field): \($0.effect)" } == ["\(setting.field): \(setting.effect)"])
            #expect(old.json?["remote_write"]?.array?.count == (setting.effect == .rejected ? 1 : 2))
        }
    }

    @Test func `metadata is not sent twice, nor where nobody asks for it`() {
        func sent(_ metadata: RemoteWrite.Metadata, _ message: String? = nil) -> JSON? {
            var write = RemoteWrite(url: "https://a.example.org")
            write.metadata = metadata
            write.protobufMessage = message
            var problems: [ConfigProblem] = []
            return write.json(for: .init(3, 5), part: "", problems: &problems)["metadata_config", "send"]
        }
        #expect(sent(.init(send: true)) == true && sent(.init(sendInterval: "1m")) == false)
        #expect(sent(.init(send: true), RemoteWrite.secondMessage) == false)
    }

    @Test func `Prometheus itself takes all of them`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            var agent = AgentConfiguration()
            // Debian builds its Prometheus without Azure.
            let settings = Self.settings.filter { $0.write.azureAD == nil }
            agent.remoteWrite = settings.enumerated().map { index, setting in
                var write = setting.write
                write.name = "\(index)"
                return write
            }
            let yaml = try #require(agent.generate(for: version).yaml)
            let path = try folder.write("prometheus.yaml", yaml)
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)\n\(yaml)")
        }
    }
}
