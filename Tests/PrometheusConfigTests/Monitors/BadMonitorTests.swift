import Kube
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Bad monitors")
struct BadMonitorTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var fixture: MonitorFixture
        var problem: String
        var testDescription: String { problem }

        init(_ fixture: MonitorFixture, _ problem: String) {
            self.fixture = fixture
            self.problem = problem
        }
    }

    @Test(arguments: types + texts + authentications + selections + agents)
    func `A bad monitor is refused with a message that names the field`(_ bad: Bad) {
        #expect(bad.fixture.problem == bad.problem)
    }

    static let service = MonitorFixture.serviceMonitor
    static let endpoint = "spec.endpoints[0]"
    static let long = String(repeating: "x", count: 100_000)

    static let types: [Bad] = [
        Bad(service.with("honorLabels: 'yes'"), "\(endpoint).honorLabels: should be true or false, not \"yes\""),
        Bad(service.with("path: 5"), "\(endpoint).path: should be a string, not 5"),
        Bad(service.with("params: [a]"), "\(endpoint).params: should be an object, not a list"),
        Bad(service.with("params: {a: b}"), "\(endpoint).params.a: should be a list, not a string"),
        Bad(service.with("params: {a: [1]}"), "\(endpoint).params.a[0]: should be a string, not an integer"),
        Bad(
            service.with("targetPort: {}"),
            "\(endpoint).targetPort: should be the name or number of a port, not an object"),
        Bad(service.with("targetPort: 70000"), "\(endpoint).targetPort: 70000 should be from 0 to 65535"),
        Bad(service.withSpec("endpoints: [web]"), "\(endpoint): should be an object, not a string"),
        Bad(service.withSpec("endpoints: {}"), "spec.endpoints: should be a list, not an object"),
        Bad(service.withSpec("sampleLimit: -1"), "spec.sampleLimit: -1 should not be negative"),
        Bad(service.withSpec("sampleLimit: 1.5"), "spec.sampleLimit: should be a whole number, not 1.5"),
        Bad(service.withSpec("selector: x"), "spec.selector: should be an object, not a string"),
        Bad(service.with("relabelings: [5]"), "\(endpoint).relabelings[0]: should be an object, not an integer"),
        Bad(
            MonitorFixture("{apiVersion: apps/v1, kind: ServiceMonitor}"),
            "kind: \"ServiceMonitor\" of \"apps/v1\" is not a monitor"),
        Bad(
            MonitorFixture("{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, spec: [1]}"),
            "spec: should be an object, not a list"),
    ]

    static let texts: [Bad] = [
        Bad(
            service.with("interval: 1.5m"),
            "\(endpoint).interval: \"1.5m\" is not a valid duration; expected for example 30s or 1m"),
        Bad(service.with("interval: \(long)"), "\(endpoint).interval: \"\(long.prefix(399))…"),
        Bad(
            service.with("scrapeTimeout: 31s"),
            "\(endpoint).scrapeTimeout: 31s is longer than the agent's scrape interval 30s"),
        Bad(
            service.with("{interval: 10s, scrapeTimeout: 11s}"),
            "\(endpoint).scrapeTimeout: 11s is longer than the interval 10s"),
        Bad(service.with("scheme: gopher"), "\(endpoint).scheme: \"gopher\" should be http or https"),
        Bad(service.with("port: '('"), "\(endpoint).port: \"(\": missing closing )"),
        Bad(
            service.with("relabelings: [{}, {targetLabel: a, regex: '(?=x)'}]"),
            "\(endpoint).relabelings[0].targetLabel: is required by action replace"),
        Bad(
            service.with("metricRelabelings: [{targetLabel: a, regex: '(?=x)'}]"),
            "\(endpoint).metricRelabelings[0].regex: \"(?=x)\": unsupported Perl syntax (?="),
        Bad(
            service.with("relabelings: [{action: hashmod, targetLabel: a}]"),
            "\(endpoint).relabelings[0].modulus: is required by action hashmod and should not be 0"),
        Bad(
            service.with("relabelings: [{action: uppercase, targetLabel: a, replacement: b}]"),
            "\(endpoint).relabelings[0].replacement: is not allowed with action uppercase"),
        Bad(
            service.withSpec("bodySizeLimit: 5 MB"),
            "spec.bodySizeLimit: \"5 MB\" is not a valid size; expected for example 512KB or 10MiB"),
        Bad(
            service.withSpec("bodySizeLimit: 9EB"),
            "spec.bodySizeLimit: \"9EB\" is not a valid size; expected for example 512KB or 10MiB"),
        Bad(
            service.withSpec("nativeHistogramMinBucketFactor: much"),
            "spec.nativeHistogramMinBucketFactor: should be a number such as 1.1, not \"much\""),
        Bad(
            service.withSpec("scrapeProtocols: [Text, Text]"),
            "spec.scrapeProtocols[0]: \"Text\" should be one of PrometheusProto, OpenMetricsText0.0.1, "
                + "OpenMetricsText1.0.0, PrometheusText0.0.4, PrometheusText1.0.0"),
        Bad(
            service.withSpec("scrapeProtocols: [PrometheusProto, PrometheusProto]"),
            "spec.scrapeProtocols[1]: \"PrometheusProto\" occurs twice"),
        Bad(
            MonitorFixture.probe.with("url: 'http://x'", at: FieldPath("spec.prober")),
            "spec.prober.url: \"http://x\" should be a host name or host:port"),
        Bad(MonitorFixture.probe.withSpec("targets: {}"), "spec.targets: needs staticConfig or ingress"),
        Bad(
            MonitorFixture.probe.withSpec("params: [{name: a}, {name: a}]"), "spec.params[1].name: \"a\" occurs twice"
        ),
        Bad(
            MonitorFixture.probe.with("labels: {a-b: c}", at: .staticConfig).version(2, 53),
            "spec.targets.staticConfig.labels: \"a-b\" is not a valid label name"),
        Bad(
            service.withSpec("targetLabels: [1a]").version(2, 53),
            "spec.targetLabels[0]: \"1a\" cannot be used as a label name"),
    ]

    static let authentications: [Bad] = [
        Bad(
            service.with("basicAuth: {username: {name: s, key: user}}"), "\(endpoint).basicAuth.password: is required"),
        Bad(
            service.with("authorization: {credentials: {name: gone, key: a, optional: true}}"),
            "\(endpoint).authorization.credentials: there is no Secret shop/gone"),
        Bad(service.with("authorization: {type: X}"), "\(endpoint).authorization.credentials: is required"),
        Bad(
            service.with("authorization: {type: basic, credentials: {name: s, key: token}}"),
            "\(endpoint).authorization.type: cannot be Basic; use basicAuth"),
        Bad(
            service.with("{authorization: {credentials: {name: s, key: token}}, bearerTokenFile: /t}"),
            "\(endpoint).bearerTokenFile: cannot be set together with authorization"),
        Bad(
            MonitorFixture.probe.withSpec(
                """
                {authorization: {credentials: {name: s, key: token}}, bearerTokenSecret: {name: s, key: token}}
                """), "spec.bearerTokenSecret: cannot be set together with authorization"),
        Bad(
            service.with("oauth2: {clientId: {}, clientSecret: {name: s, key: token}, tokenUrl: 'http://t'}"),
            "\(endpoint).oauth2.clientId: is required"),
        Bad(
            service.with(
                "oauth2: {clientId: {secret: {name: s, key: id}}, clientSecret: {name: s, key: token}, tokenUrl: t}"),
            "\(endpoint).oauth2.tokenUrl: \"t\" should be http://host… or https://host…"),
        Bad(
            service.with("tlsConfig: {ca: {secret: {name: s, key: token}}}"),
            "\(endpoint).tlsConfig.ca: key \"token\" of Secret shop/s contains no PEM block with a certificate"),
        Bad(
            service.with("tlsConfig: {ca: {secret: {name: s, key: key}}}"),
            "\(endpoint).tlsConfig.ca: key \"key\" of Secret shop/s contains no PEM block with a certificate"),
        Bad(
            service.with("tlsConfig: {cert: {secret: {name: s, key: cert}}}"),
            "\(endpoint).tlsConfig.cert: needs keySecret"),
        Bad(service.with("tlsConfig: {keyFile: /k}"), "\(endpoint).tlsConfig.keySecret: needs cert"),
        Bad(
            service.with("tlsConfig: {caFile: /c, ca: {secret: {name: s, key: ca}}}"),
            "\(endpoint).tlsConfig.caFile: cannot be set together with ca"),
        Bad(
            service.with("tlsConfig: {minVersion: TLS13, maxVersion: TLS12}"),
            "\(endpoint).tlsConfig.maxVersion: TLS12 is older than minVersion TLS13"),
        Bad(service.with("noProxy: x"), "\(endpoint).noProxy: needs proxyUrl"),
        Bad(service.with("proxyUrl: p:1"), "\(endpoint).proxyUrl: \"p:1\" should be http://…, https://… or socks5://…"),
        Bad(
            service.with("proxyConnectHeader: {X: [{name: s, key: header}]}"),
            "\(endpoint).proxyConnectHeader: needs proxyUrl or proxyFromEnvironment"),
    ]

    static let selections: [Bad] = [
        Bad(
            service.withSpec("selector: {matchExpressions: [{key: a, operator: In}]}"),
            "spec.selector.matchExpressions[0].values: is required by In"),
        Bad(
            service.withSpec("selector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}"),
            "spec.selector.matchExpressions[0].values: is not allowed with Exists"),
        Bad(
            service.withSpec("selector: {matchExpressions: [{key: a, operator: Like}]}"),
            "spec.selector.matchExpressions[0].operator: \"Like\" should be one of In, NotIn, Exists, DoesNotExist"),
        Bad(
            service.withSpec("selector: {matchLabels: {a: .*}}"),
            "spec.selector.matchLabels.a: \".*\" is not a valid label value; expected at most 63 letters, digits, -, _ and ., with a letter or digit at both ends"
        ),
        Bad(
            MonitorFixture.probe.withSpec("targets: {ingress: {selector: {matchLabels: {a: 'x|y'}}}}"),
            "spec.targets.ingress.selector.matchLabels.a: \"x|y\" is not a valid label value; expected "
                + "at most 63 letters, digits, -, _ and ., with a letter or digit at both ends"),
        Bad(
            service.withSpec("selectorMechanism: Guess"),
            "spec.selectorMechanism: \"Guess\" should be one of RelabelConfig, RoleSelector"),
    ]

    static let agents: [Bad] = [
        Bad(
            service.withSpec("bodySizeLimit: 5MB").agent { $0.enforced.bodySize = "9EB" },
            "spec: the agent's enforcedBodySizeLimit: \"9EB\" is not a valid size; expected for example 512KB or 10MiB"),
        Bad(service.withSpec("scrapeClass: gone"), "spec.scrapeClass: the agent has no scrape class \"gone\""),
        Bad(
            service.scrapeClass("relabelings: [{regex: x}]"),
            "spec.scrapeClass: scrape class \"shared\" of the agent: relabelings[0].targetLabel: "
                + "is required by action replace"),
        Bad(
            service.with("tlsConfig: {serverName: x}").scrapeClass("tlsConfig: {keyFile: /k}"),
            "spec.scrapeClass: scrape class \"shared\" of the agent: tlsConfig.keySecret: needs cert"),
        Bad(
            service.scrapeClass("name: a").scrapeClass("name: b"),
            "spec.scrapeClass: is not set, and the agent has several default scrape classes: \"a\" and \"b\""),
        Bad(
            service.with("bearerTokenFile: /t").agent { $0.deniesFileSystemAccess = true },
            "\(endpoint).bearerTokenFile: refers to a file in the pod of Prometheus, which the agent does not allow"),
        Bad(
            service.with("tlsConfig: {caFile: /t}").agent { $0.deniesFileSystemAccess = true },
            "\(endpoint).tlsConfig.caFile: refers to a file in the pod of Prometheus, which the agent does not allow"),
    ]

    @Test func `The message about a bad monitor is one short line even if it quotes a long value`() throws {
        let label = String(repeating: "a", count: 5000)
        var fixture = Self.service
        fixture.monitor["spec", "selector"] = ["matchLabels": .object([label: "b"])]
        let problem = try #require(fixture.problem)
        #expect(problem.utf8.count < 600 && problem.hasPrefix("spec.selector.matchLabels.aaa"))
        #expect(
            Self.service.with(#"scheme: "a\nb""#).problem == "\(Self.endpoint).scheme: \"a b\" should be http or https")
    }

    @Test func `A monitor with one bad endpoint has no jobs`() {
        let fixture = Self.service.withSpec("endpoints: [{port: a}, {port: b, interval: x}]")
        #expect(
            fixture.problem
                == "spec.endpoints[1].interval: \"x\" is not a valid duration; expected for example 30s or 1m")
    }

    @Test(arguments: ["1.", "1.\(String(repeating: "0", count: 400))", "\(String(repeating: "1", count: 400)).5"])
    func `A bucket factor with hundreds of digits is a finite number`(_ text: String) throws {
        let fixture = MonitorFixture.serviceMonitor.withSpec("nativeHistogramMinBucketFactor: '\(text)'")
        guard fixture.problem == nil else { return }
        let factor = try #require(try fixture.config()["native_histogram_min_bucket_factor"]?.double)
        #expect(factor.isFinite)
    }
}
