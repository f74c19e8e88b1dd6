import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Sections of the file of an agent")
struct AgentSectionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// The field of the custom resource, in YAML.
        var field: String
        /// The path in the file, and the value.
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

    @Test(arguments: rows) func `A field is written from its first version on, and recorded as omitted before it`(
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
        // There are no empty sections.
        #expect(old.json?[row.path[0]]?.object?.isEmpty != true)
    }

    @Test func `All settings of storage are in one section`() throws {
        let generated = try generate(
            """
            tsdb: {outOfOrderTimeWindow: 1h, staleSeriesCompactionThreshold: '0.7', chunkEncoding: {floats: Xor}}
            """, .init(3, 13))
        let text = try #require(generated.yaml)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("storage:") } == 1)
        #expect(generated.json?["storage", "tsdb"]?.object?.count == 3)
    }

    @Test func `The tracing settings are written to one section`() throws {
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

    @Test func `A field with a bad value is omitted alone`() throws {
        for (field, message) in [
            (
                "otlp: {promoteAllResourceAttributes: true, promoteResourceAttributes: [a]}",
                "cannot be true together with"
            ),
            ("otlp: {ignoreResourceAttributes: [a]}", "needs promoteAllResourceAttributes"),
            (
                "otlp: {translationStrategy: NoUTF8EscapingWithSuffixes}, nameValidationScheme: Legacy",
                "cannot be set together with nameValidationScheme"
            ),
            ("otlp: {translationStrategy: Magic}", "\"Magic\" should be one of"),
            ("otlp: 5", "should be an object"), ("tracingConfig: {}", "is required"),
            ("tracingConfig: {endpoint: 'a:1', samplingFraction: 2}", "should be a number from 0 to 1"),
            ("tsdb: {outOfOrderTimeWindow: soon}", "is not a valid duration"), ("runtime: {goGC: '1'}", "whole number"),
            ("bodySizeLimit: 9EB", "\"9EB\" is not a valid size"), ("sampleLimit: many", "should be a whole number"),
            ("scrapeProtocols: PrometheusProto", "should be a list"),
        ] {
            let generated = try generate(field, .init(3, 5))
            #expect(generated.json?["remote_write"] != nil)
            #expect(generated.problems.map(\.effect) == [.dropped], "\(field)")
            #expect(generated.problems.first?.message.contains(message) == true, "\(generated.problems)")
        }
    }

    @Test func `The lesser of the limit of the agent and the enforced limit is written`() {
        func limit(_ own: Int?, _ enforced: Int?) -> JSON? {
            var sections = AgentSections(["sampleLimit": own.map { JSON($0) } ?? .null])
            sections.enforced.sample = enforced
            return sections.written(for: .init(3, 5)).limits["sample_limit"]
        }
        #expect(limit(5, nil) == 5 && limit(5, 3) == 3 && limit(5, 9) == 5 && limit(nil, 7) == 7 && limit(0, 7) == 7)
        #expect(limit(0, nil) == nil && limit(nil, 0) == nil)
    }

    @Test func `Prometheus accepts the file with every setting`() async throws {
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
