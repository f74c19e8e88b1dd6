import Kube
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Fields of monitors in versions of Prometheus")
struct MonitorVersionTests {
    struct Gate: Sendable, CustomTestStringConvertible {
        var fixture: MonitorFixture
        /// The member of the job or of an object in it.
        var key: String
        var first: PrometheusVersion
        /// The field that is recorded as omitted.
        var field: String
        var testDescription: String { "\(field) needs \(first)" }
    }

    static let gates: [Gate] = {
        let service = MonitorFixture.serviceMonitor
        func spec(_ yaml: String, _ key: String, _ major: Int, _ minor: Int) -> Gate {
            let field = "spec.\(yaml.prefix { $0 != ":" })"
            return Gate(
                fixture: service.withSpec(yaml), key: key, first: PrometheusVersion(major, minor), field: field)
        }
        func endpoint(_ yaml: String, _ key: String, _ field: String, _ major: Int, _ minor: Int) -> Gate {
            Gate(
                fixture: service.with(yaml), key: key, first: PrometheusVersion(major, minor),
                field: "spec.endpoints[0].\(field)")
        }
        return [
            spec("keepDroppedTargets: 5", "keep_dropped_targets", 2, 47),
            spec("scrapeProtocols: [PrometheusProto]", "scrape_protocols", 2, 49),
            spec("fallbackScrapeProtocol: PrometheusText0.0.4", "fallback_scrape_protocol", 3, 0),
            spec("nativeHistogramMinBucketFactor: '2'", "native_histogram_min_bucket_factor", 2, 50),
            spec("convertClassicHistogramsToNHCB: true", "convert_classic_histograms_to_nhcb", 3, 0),
            spec("scrapeNativeHistograms: true", "scrape_native_histograms", 3, 8),
            endpoint("trackTimestampsStaleness: true", "track_timestamps_staleness", "trackTimestampsStaleness", 2, 48),
            endpoint("{proxyUrl: 'http://p', noProxy: a}", "no_proxy", "noProxy", 2, 43),
            endpoint("proxyFromEnvironment: true", "proxy_from_environment", "proxyFromEnvironment", 2, 43),
            endpoint("tlsConfig: {maxVersion: TLS13}", "max_version", "tlsConfig.maxVersion", 2, 41),
        ]
    }()

    @Test(arguments: gates) func `A field that the version does not know is omitted from the job`(_ gate: Gate) throws {
        let before =
            gate.first.minor == 0 ? PrometheusVersion(2, 55) : PrometheusVersion(gate.first.major, gate.first.minor - 1)
        let (old, _) = try gate.fixture.agent { $0.version = before }.made()
        #expect(!old[0].config.text().contains("\"\(gate.key)\""))
        #expect(
            old[0].leftOut.map(\.description) == ["\(gate.field): needs Prometheus \(gate.first), this is \(before)"])
        for version in [gate.first, .newestKnown] {
            let (new, _) = try gate.fixture.agent { $0.version = version }.made()
            #expect(new[0].config.text().contains("\"\(gate.key)\""))
            #expect(new[0].leftOut.isEmpty)
        }
    }

    @Test func `The setting for classic histograms has its new name from Prometheus 3 on`() throws {
        let fixture = MonitorFixture.serviceMonitor.withSpec("scrapeClassicHistograms: false")
        #expect(try fixture.version(2, 53).config()["scrape_classic_histograms"] == false)
        #expect(try fixture.version(3, 0).config()["always_scrape_classic_histograms"] == false)
        #expect(try fixture.version(3, 0).config()["scrape_classic_histograms"] == nil)
    }

    @Test func `A list of protocols that are all unknown to the version is omitted`() throws {
        let fixture = MonitorFixture.serviceMonitor.withSpec("scrapeProtocols: [PrometheusText1.0.0]").version(2, 53)
        let job = try fixture.made().jobs[0]
        // An empty list would make Prometheus refuse the whole file.
        #expect(job.config["scrape_protocols"] == nil)
        #expect(
            job.leftOut.map(\.description) == [
                "spec.scrapeProtocols[0]: PrometheusText1.0.0 needs Prometheus v3.0.0, this is v2.53.0"
            ])
    }

    @Test func `The user name is read from a file from Prometheus 2 49 on`() throws {
        let fixture = MonitorFixture.probe.with(
            "basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}")
        let (jobs, credentials) = try fixture.version(2, 45).made()
        #expect(jobs[0].config["basic_auth", "username"] == "me")
        #expect(credentials.values.map(\.key) == ["user"] && credentials.files.map(\.key) == ["password"])
        #expect(try fixture.version(2, 49).config()["basic_auth", "username"] == nil)
    }

    @Test func `An OAuth 2 client has proxy and TLS settings from Prometheus 2 43 on`() throws {
        let fixture = MonitorFixture.serviceMonitor.with(
            """
            oauth2: {clientId: {secret: {name: s, key: id}}, clientSecret: {name: s, key: token}, tokenUrl: 'http://t',
              proxyUrl: 'http://p', tlsConfig: {insecureSkipVerify: true}}
            """)
        let old = try fixture.version(2, 42).made().jobs[0]
        #expect(old.config["oauth2"]?.object?.keys == ["client_id", "client_secret_file", "token_url"])
        #expect(
            old.leftOut.map(\.path.description) == [
                "spec.endpoints[0].oauth2.proxyUrl", "spec.endpoints[0].oauth2.tlsConfig",
            ])
        let new = try fixture.version(2, 43).config()["oauth2"]
        #expect(new?["proxy_url"] == "http://p" && new?["tls_config"] == ["insecure_skip_verify": true])
    }

    @Test func `Labels can have any name from Prometheus 3 on`() throws {
        let fixture = MonitorFixture.serviceMonitor.with("relabelings: [{targetLabel: a-b, replacement: x}]")
        #expect(fixture.version(3, 0).problem == nil)
        #expect(
            fixture.version(2, 53).problem
                == "spec.endpoints[0].relabelings[0].targetLabel: \"a-b\" is not a valid label name")
        let source = MonitorFixture.serviceMonitor.with("relabelings: [{action: keep, sourceLabels: [a-b], regex: x}]")
        #expect(source.version(3, 0).problem == nil)
        #expect(
            source.version(2, 53).problem
                == "spec.endpoints[0].relabelings[0].sourceLabels: \"a-b\" is not a valid label name")
    }
}
