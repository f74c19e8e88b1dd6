import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Jobs of ScrapeConfigs")
struct ScrapeConfigTests {
    @Test func `A ScrapeConfig makes a job that reads like a handwritten one`() throws {
        let fixture = MonitorFixture.scrapeConfig.withSpec(
            """
            {jobName: boxes, metricsPath: /m, params: {b: ['1'], a: ['2', '3']}, scrapeInterval: 1m, scrapeTimeout: 50s,
            scheme: HTTPS, honorLabels: true, honorTimestamps: false, sampleLimit: 9, enableCompression: false,
            staticConfigs: [{targets: ['a:1'], labels: {site: x}}, {targets: [b]}],
            httpSDConfigs: [{url: 'http://sd.example.org'}],
            relabelings: [{sourceLabels: [a], targetLabel: b, action: Lowercase}],
            metricRelabelings: [{regex: 'go_.*', sourceLabels: [__name__], action: drop}],
            nameValidationScheme: Legacy, nameEscapingScheme: Dots}
            """)
        #expect(
            YAML.write(try fixture.config()) == """
                job_name: scrapeConfig/shop/edge
                honor_timestamps: false
                honor_labels: true
                metrics_path: /m
                params:
                  a:
                  - "2"
                  - "3"
                  b:
                  - "1"
                enable_compression: false
                scrape_interval: 1m
                scrape_timeout: 50s
                scheme: https
                sample_limit: 9
                static_configs:
                - targets:
                  - a:1
                  labels:
                    site: x
                - targets:
                  - b
                  labels: {}
                http_sd_configs:
                - url: http://sd.example.org
                relabel_configs:
                - source_labels:
                  - job
                  target_label: __tmp_prometheus_job_name
                - target_label: job
                  action: replace
                  replacement: boxes
                - source_labels:
                  - a
                  target_label: b
                  action: lowercase
                metric_relabel_configs:
                - source_labels:
                  - __name__
                  regex: go_.*
                  action: drop
                metric_name_validation_scheme: legacy
                metric_name_escaping_scheme: dots

                """)
    }

    @Test(arguments: DiscoveryCase.all) func `Every field of every kind of discovery is written`(
        _ discovery: DiscoveryCase
    ) throws {
        let (jobs, _) = try discovery.fixture.made()
        #expect(jobs.map(\.leftOut) == [[]])
        let found = jobs.first?.config[discovery.key]?[0] ?? .null
        #expect(found.changes(from: discovery.whole) == [])
    }

    @Test func `The tests cover all 22 kinds of discovery`() {
        #expect(ServiceDiscovery.all.count == 22)
        #expect(Set(DiscoveryCase.all.map(\.field)) == Set(ServiceDiscovery.all.map(\.field)))
        #expect(Set(DiscoveryCase.all.map(\.key)) == Set(ServiceDiscovery.all.map(\.key)))
        for discovery in DiscoveryCase.all {
            let kind = ServiceDiscovery.all.first { $0.field == discovery.field }
            for row in kind?.fields ?? [] where discovery.whole[row.key] == nil {
                // These need a newer version than the others, or are never written.
                #expect(["healthFilter", "tlsConfig", "followRedirects", "enableHTTP2"].contains(row.name), "\(row)")
            }
        }
    }

    // MARK: - Rules

    @Test func `The rules of the scrape class come first, and the enforced namespace last`() throws {
        let fixture = MonitorFixture.scrapeConfig.withSpec("{jobName: j, relabelings: [{targetLabel: own}]}")
            .scrapeClass("relabelings: [{targetLabel: class}]").agent { $0.enforcedNamespaceLabel = "ns" }
        let config = try fixture.config()
        #expect(
            config["relabel_configs"]?.array?.map { $0["target_label"] } == [
                "__tmp_prometheus_job_name", "class", "job", "own", "ns",
            ])
        #expect(config["metric_relabel_configs"] == [["target_label": "ns", "replacement": "shop"]])
    }

    @Test func `An agent can enforce the namespace on targets of a ScrapeConfig without rules`() throws {
        func targets(_ always: Bool) throws -> [JSON?]? {
            try MonitorFixture.scrapeConfig.agent {
                $0.enforcedNamespaceLabel = "ns"
                $0.enforcesNamespaceOnAllTargets = always
            }.config()["relabel_configs"]?.array?.map { $0["target_label"] }
        }
        #expect(try targets(false) == ["__tmp_prometheus_job_name"])
        #expect(try targets(true) == ["__tmp_prometheus_job_name", "ns"])
    }

    @Test func `A ScrapeConfig that computes a hash is not distributed over shards`() throws {
        func sharding(_ spec: String) throws -> ScrapeJob.Sharding? {
            try MonitorFixture.scrapeConfig.withSpec(spec).made().jobs.first?.sharding
        }
        #expect(try sharding("jobName: a") == .byAddress)
        let hash = "relabelings: [{sourceLabels: [a], targetLabel: b, modulus: 2, action: HashMod}]"
        #expect(try sharding(hash) == ScrapeJob.Sharding.none)
    }

    // MARK: - Versions

    struct Gate: Sendable, CustomTestStringConvertible {
        var kind: String
        var entry: String
        var field: String
        var first: PrometheusVersion
        /// Whether an older version makes the ScrapeConfig refused, instead of the field omitted.
        var isRefused: Bool
        var testDescription: String { "\(kind).\(field) needs \(first)" }

        var fixture: MonitorFixture { .discovery(kind, "{\(entry)}") }

        init(
            _ kind: String, _ entry: String, _ field: String, _ first: PrometheusVersion, isRefused: Bool = true
        ) {
            (self.kind, self.entry, self.field) = (kind, entry, field)
            (self.first, self.isRefused) = (first, isRefused)
        }
    }

    static let gates: [Gate] = [
        Gate("consulSDConfigs", "server: a, pathPrefix: /p", "pathPrefix", .init(2, 45)),
        Gate("consulSDConfigs", "server: a, filter: f", "filter", .init(3, 0)),
        Gate("consulSDConfigs", "server: a, healthFilter: f", "healthFilter", .init(3, 11, 2)),
        Gate("dnsSDConfigs", "names: [a], type: NS, port: 1", "type", .init(2, 49), isRefused: false),
        Gate("dnsSDConfigs", "names: [a], type: MX, port: 1", "type", .init(2, 38), isRefused: false),
        Gate("ec2SDConfigs", "region: a, followRedirects: true", "followRedirects", .init(2, 41), isRefused: false),
        Gate("ec2SDConfigs", "region: a, enableHTTP2: true", "enableHTTP2", .init(2, 41), isRefused: false),
        Gate("ec2SDConfigs", "region: a, tlsConfig: {serverName: a}", "tlsConfig", .init(2, 41), isRefused: false),
        Gate("azureSDConfigs", "subscriptionID: s, authenticationMethod: SDK", "authenticationMethod", .init(2, 52)),
        Gate(
            "azureSDConfigs", "subscriptionID: s, authenticationMethod: WorkloadIdentity", "authenticationMethod",
            .init(3, 11)),
        Gate("openstackSDConfigs", "region: r, role: LoadBalancer", "role", .init(3, 2)),
        Gate("kumaSDConfigs", "server: 'http://k', clientID: c", "clientID", .init(2, 50)),
        Gate("dockerSDConfigs", "host: 'tcp://d:1', matchFirstNetwork: true", "matchFirstNetwork", .init(2, 54, 1)),
        Gate("hetznerSDConfigs", "role: robot, labelSelector: a", "labelSelector", .init(3, 5)),
        Gate(
            "kubernetesSDConfigs", "role: Pod, attachMetadata: {node: true}", "attachMetadata", .init(2, 35),
            isRefused: false),
        Gate(
            "kubernetesSDConfigs", "role: Endpoints, attachMetadata: {node: true}", "attachMetadata", .init(2, 37),
            isRefused: false),
        Gate(
            "httpSDConfigs", "url: 'http://a', proxyUrl: 'http://p', noProxy: a", "noProxy", .init(2, 43),
            isRefused: false),
    ]

    @Test(arguments: gates) func `A field that the version does not know is omitted or the ScrapeConfig is refused`(
        _ gate: Gate
    ) throws {
        let path = "spec.\(gate.kind)[0].\(gate.field)"
        var before = gate.first
        if before.patch > 0 {
            before.patch -= 1
        } else if before.minor > 0 {
            before.minor -= 1
        } else {
            before = PrometheusVersion(before.major - 1, 55)
        }
        #expect(try gate.fixture.agent { $0.version = gate.first }.made().jobs.flatMap(\.leftOut) == [])
        let old = gate.fixture.agent { $0.version = before }
        if gate.isRefused {
            let problem = try #require(old.problem)
            #expect(problem.hasPrefix("\(path): ") && problem.contains("needs Prometheus \(gate.first)"), "\(problem)")
        } else {
            let (jobs, _) = try old.made()
            #expect(jobs.flatMap(\.leftOut).map { "\($0.path)" } == [path])
        }
    }

    @Test func `The TLS settings of Azure are recorded as omitted, like in prometheus-operator`() throws {
        let fixture = MonitorFixture.discovery(
            "azureSDConfigs",
            """
            {subscriptionID: s, authenticationMethod: SDK, environment: e, followRedirects: false,
            basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}}
            """)
        let (jobs, _) = try fixture.made()
        #expect(
            jobs.first?.leftOut.map(\.description) == [
                "spec.azureSDConfigs[0].followRedirects: is ignored, as in prometheus-operator"
            ])
        // The credentials are kept together with `environment`.
        #expect(jobs.first?.config["azure_sd_configs"]?[0]?["basic_auth"] != nil)
    }

    @Test func `OAuth 2 takes precedence over the required authorization of IONOS`() throws {
        let fixture = MonitorFixture.discovery(
            "ionosSDConfigs",
            """
            {datacenterID: d, authorization: {credentials: {name: s, key: token}}, oauth2: {clientId: {secret: {name: s,
            key: id}}, clientSecret: {name: s, key: password}, tokenUrl: 'https://t.example.org'}}
            """)
        let entry = try fixture.config()["ionos_sd_configs"]?[0]
        #expect(entry?["authorization"] == nil)
        #expect(entry?["oauth2", "client_id"] == "client")
    }
}
