import Kube
import PrometheusConfig
import Testing
import YAML

/// Fields that a kind of monitors does not have: the API server drops them without a word.
@Suite("Unknown fields of monitors")
struct UnknownFieldTests {
    private static func unknown(_ kind: MonitorKind, _ spec: String) throws -> [String] {
        let object = Object(
            kind.resource, namespace: "a", name: "x", ["spec": try YAML.parse(Array(spec.utf8)).first?.value ?? .null])
        return MonitorFields.unknown(in: object, kind).map(\.description)
    }

    private static let cases: [(kind: MonitorKind, spec: String, field: String, nearest: String?)] = [
        (.serviceMonitor, "endpoint: []", "spec.endpoint", "endpoints"),
        (.serviceMonitor, "endpoints: [{scrape_interval: 1s}]", "spec.endpoints[0].scrape_interval", "interval"),
        (
            .serviceMonitor, "endpoints: [{port: a}, {relabelings: [{source_labels: [a]}]}]",
            "spec.endpoints[1].relabelings[0].source_labels", "sourceLabels"
        ),
        (
            .serviceMonitor, "endpoints: [{tlsConfig: {ca: {secret: {nam: x}}}}]",
            "spec.endpoints[0].tlsConfig.ca.secret.nam", "name"
        ),
        (.serviceMonitor, "selector: {matchLables: {}}", "spec.selector.matchLables", "matchLabels"),
        (.podMonitor, "podMetricsEndpoint: []", "spec.podMetricsEndpoint", "podMetricsEndpoints"),
        (.probe, "targets: {staticConfigs: {}}", "spec.targets.staticConfigs", "staticConfig"),
        (.scrapeConfig, "static_configs: []", "spec.static_configs", "staticConfigs"),
        (.scrapeConfig, "kubernetes_sd_configs: []", "spec.kubernetes_sd_configs", "kubernetesSDConfigs"),
        (.scrapeConfig, "consulSDConfigs: [{sever: a}]", "spec.consulSDConfigs[0].sever", "server"),
        (.scrapeConfig, "somethingElse: 1", "spec.somethingElse", nil),
    ]

    @Test(arguments: cases) func `An unknown field is named with the one that was probably meant`(
        kind: MonitorKind, spec: String, field: String, nearest: String?
    ) throws {
        let question = nearest.map { ". Did you mean \"\($0)\"?" } ?? ""
        #expect(
            try Self.unknown(kind, spec)
                == ["\(field): is not a field of a \(kind.rawValue), and is ignored\(question)"])
    }

    @Test(arguments: [
        (
            MonitorKind.serviceMonitor,
            """
            selector: {matchLabels: {anything: a}, matchExpressions: [{key: a, operator: In, values: [b]}]}
            endpoints: [{port: a, proxyConnectHeader: {X-Any: [{name: a, key: b}]}, params: {any: [a]},
              oauth2: {clientId: {configMap: {name: a, key: b, optional: true}}, endpointParams: {any: a}}}]
            """
        ),
        (.probe, "{params: [{name: a, values: [b]}], targets: {staticConfig: {static: [a], labels: {any: b}}}}"),
        (.scrapeConfig, "{ec2SDConfigs: [{filters: [{name: a, values: [b]}]}], staticConfigs: [{labels: {any: a}}]}"),
    ]) func `Names that are free, such as those of labels, are no fields`(kind: MonitorKind, spec: String) throws {
        #expect(try Self.unknown(kind, spec) == [])
    }

    @Test func `Of many unknown fields the first ten are named, each on one short line`() throws {
        let long = String(repeating: "x", count: 5000)
        var spec: JSON.Members = [:]
        for number in 0..<50_000 { spec["\(long.prefix(number % 7 == 0 ? 5000 : 3))\n\(number)"] = 1 }
        let object = Object(MonitorKind.podMonitor.resource, namespace: "a", name: "x", ["spec": .object(spec)])
        let found = MonitorFields.unknown(in: object, .podMonitor).map(\.description)
        #expect(found.count == MonitorFields.most)
        #expect(found.allSatisfy { $0.utf8.count < 300 && !$0.contains("\n") })
    }

    @Test func `A group of a fork is read in the place of prometheus-operator's`() throws {
        let fork = try #require(MonitorGroup("monitoring.rhobs"))
        #expect(fork.resource(of: .scrapeConfig).description == "scrapeconfigs.monitoring.rhobs")
        #expect(fork.resource(of: .scrapeConfig).apiVersion == "monitoring.rhobs/v1alpha1")
        let theirs = Object(fork.resource(of: .probe), namespace: "a", name: "x", [:])
        let ours = Object(MonitorKind.probe.resource, namespace: "a", name: "x", [:])
        #expect(fork.standardized(theirs) == ours)
        #expect(fork.standardized(ours) == nil)
        #expect(MonitorGroup.standard.standardized(theirs) == theirs)
        let other = Object(.secrets, namespace: "a", name: "x", [:])
        #expect(fork.standardized(other) == other)
        for name in ["", "monitoring", "a..b", "A.b", "-a.b", "tributary.dev", "apiextensions.k8s.io", "a.b/v1"] {
            #expect(MonitorGroup(name) == nil, "\(name)")
        }
    }
}
