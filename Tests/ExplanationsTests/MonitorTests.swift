import Kube
import PrometheusConfig
import TestSupport
import Testing

@testable import Explanations

@Suite struct `The explanation of a monitor` {
    /// A file in `Tests/Fixtures/why`, and the finding that says what is wrong with its monitor.
    struct Cause: CustomTestStringConvertible {
        var file: String
        var kind = MonitorKind.serviceMonitor
        var namespace = "shop"
        var reason: String
        var text: String
        var testDescription: String { file }
    }

    static let causes = [
        Cause(file: "label-missing", reason: "LabelsDiffer", text: "needs team=shop, found app=web"),
        Cause(file: "label-differs", reason: "LabelsDiffer", text: "needs team=shop, found team=web"),
        Cause(
            file: "namespace-not-selected", namespace: "lab", reason: "NamespaceNotSelected",
            text: "does not select namespace lab: needs scrape=yes"),
        Cause(
            file: "no-selector", kind: .scrapeConfig, reason: "SelectorAbsent",
            text: "spec.scrapeConfigSelector: is absent"),
        Cause(
            file: "service-elsewhere", reason: "NoService",
            text: "Service shop/web has the labels: spec.namespaceSelector.matchNames should name shop"),
        Cause(
            file: "service-label", reason: "NoService",
            text: "the nearest is Service shop/web: needs app=webb, found app=web"),
        Cause(
            file: "pod-label", reason: "NoService",
            text: "these are the labels of the pods of Deployment shop/web"),
        Cause(
            file: "port-name", reason: "PortNotFound",
            text: "has the ports http (80), metrics (9090); none is named metric. Did you mean \"metrics\"?"),
        Cause(file: "port-number", reason: "PortNotFound", text: "port takes a name: \"metrics\""),
        Cause(
            file: "container-port-as-port", reason: "PortNotFound", text: "Use port: metrics, or targetPort: prom"),
        Cause(file: "port-as-target-port", reason: "TargetPortNotFound", text: "Use port: metrics"),
        Cause(
            file: "service-without-pods", reason: "NoPods",
            text: "needs app.kubernetes.io/name=cart, found app.kubernetes.io/name=web"),
        Cause(
            file: "target-port-of-service", reason: "ContainerPortNotFound",
            text: "none is named prometheus. Did you mean \"prom\"?"),
        Cause(file: "container-port", kind: .podMonitor, reason: "ContainerPortNotFound", text: "Use port: prom"),
        Cause(
            file: "workload-label", kind: .podMonitor, reason: "NoPods",
            text: "Deployment shop/web itself has these labels"),
        Cause(
            file: "rejected", reason: "InvalidMonitor",
            text: "rejects it: spec.endpoints[0].scrapeTimeout: 1m is longer than the interval 30s"),
        Cause(file: "probe-without-targets", kind: .probe, reason: "NoTargets", text: "needs staticConfig.static"),
    ]

    @Test(arguments: causes)
    func `The explanation of a monitor names the cause and what would be right`(cause: Cause) throws {
        let files = try Files("Tests/Fixtures/why/app.yaml", "Tests/Fixtures/why/\(cause.file).yaml")
        let key = ObjectKey(namespace: cause.namespace, name: "web")
        let explanation = try #require(files.monitors.explain(cause.kind, key))
        #expect(!explanation.works)
        let bad = explanation.findings.filter { $0.verdict == .bad }
        #expect(bad.contains { $0.reason == cause.reason && $0.line.contains(cause.text) }, "\(explanation.lines)")
    }

    @Test func `The explanation of a monitor says what works, with the pods behind the Service`() throws {
        let files = try Files("Tests/Fixtures/why/app.yaml", "Tests/Fixtures/why/working.yaml")
        let explanation = try #require(
            files.monitors.explain(.serviceMonitor, ObjectKey(namespace: "shop", name: "web")))
        #expect(explanation.works)
        #expect(
            explanation.lines == [
                "ServiceMonitor shop/web",
                "  ok    PrometheusAgent monitoring/cluster: selects it (spec.serviceMonitorSelector {team=shop})",
                "  ok    spec.selector: selects Service shop/web, which has the ports http (80), metrics (9090)",
                "  ok    spec.endpoints[0]: port \"metrics\" of Service shop/web (9090), with Deployment shop/web "
                    + "behind it",
                "-> it makes targets",
            ])
    }

    @Test func `The explanation of a monitor names fields that the kind does not have, with the right names`() throws {
        let files = try Files("Tests/Fixtures/why/app.yaml", "Tests/Fixtures/why/snake-case.yaml")
        let explanation = try #require(
            files.monitors.explain(.serviceMonitor, ObjectKey(namespace: "shop", name: "web")))
        let notes = explanation.findings.filter { $0.reason == "UnknownField" }
        #expect(
            notes.map(\.field) == [
                "spec.endpoints[0].scrape_interval", "spec.endpoints[0].metric_relabel_configs",
                "spec.endpoints[0].relabelings[0].source_labels",
            ])
        for (note, name) in zip(notes, ["interval", "metricRelabelings", "sourceLabels"]) {
            #expect(note.message.hasSuffix("Did you mean \"\(name)\"?"))
        }
    }

    @Test func `The explanation of a monitor tells a paused or absent agent from one that does not select it`() throws {
        let key = ObjectKey(namespace: "shop", name: "web")
        let paused = try #require(try Files("Tests/Fixtures/why/paused.yaml").monitors.explain(.podMonitor, key))
        #expect(!paused.works && paused.findings.first?.reason == "Paused")
        #expect(paused.outcome == "it makes no targets: no agent uses it")
        let none = try #require(try Files("Tests/Fixtures/why/no-agent.yaml").monitors.explain(.podMonitor, key))
        #expect(!none.works && none.findings.first?.reason == "NoAgent")
        #expect(try Files("Tests/Fixtures/why/no-agent.yaml").monitors.explain(.probe, key) == nil)
    }

    @Test func `An agent that ignores namespaceSelectors looks only into the monitor's namespace`() throws {
        var files = try Files("Tests/Fixtures/why/app.yaml")
        try files.add(
            """
            apiVersion: tributary.dev/v1alpha1
            kind: PrometheusAgent
            metadata: {name: lab, namespace: lab}
            spec:
              ignoreNamespaceSelectors: true
              serviceMonitorSelector: {}
              remoteWrite: [{name: central, url: "https://metrics.example.org/api/v1/write"}]
            ---
            apiVersion: monitoring.coreos.com/v1
            kind: ServiceMonitor
            metadata: {name: web, namespace: lab}
            spec:
              namespaceSelector: {any: true}
              selector: {matchLabels: {app: web}}
              endpoints: [{port: metrics}]
            """)
        let explanation = try #require(
            files.monitors.explain(.serviceMonitor, ObjectKey(namespace: "lab", name: "web")))
        #expect(!explanation.works)
        #expect(explanation.findings.contains { $0.reason == "NamespaceSelectorIgnored" })
        #expect(explanation.findings.contains { $0.reason == "NoService" })
    }

    @Test func `Malformed objects are explained, too`() throws {
        var files = try Files("Tests/Fixtures/why/app.yaml")
        let specs = [
            "7", "{selector: 7, endpoints: 7}", "{selector: {matchExpressions: [{key: a, operator: Is}]}}",
            "{selector: {}, endpoints: [7, {port: 7}, {targetPort: {}}, {port: \"\"}]}",
            "{namespaceSelector: [], selector: {matchLabels: {app: web}}, endpoints: [{port: \"\\u0000\"}]}",
        ]
        for (index, spec) in specs.enumerated() {
            try files.add(
                """
                apiVersion: monitoring.coreos.com/v1
                kind: ServiceMonitor
                metadata: {name: bad-\(index), namespace: shop, labels: {team: shop}}
                spec: \(spec)
                """)
        }
        for index in specs.indices {
            let key = ObjectKey(namespace: "shop", name: "bad-\(index)")
            let explanation = try #require(files.monitors.explain(.serviceMonitor, key))
            #expect(!explanation.works, "\(explanation.lines)")
            #expect(explanation.json["findings"]?.array?.isEmpty == false)
        }
    }
}

@Suite struct `The nearest name` {
    @Test(arguments: [
        ("metric", "metrics"), ("scrape_interval", "scrapeInterval"), ("http_metrics", "http-metrics"),
        ("adress", "address"), ("web", "http-web"),
    ]) func `The nearest name is found over style, typing errors and prefixes`(wanted: String, right: String) {
        #expect(Nearest.name(to: wanted, among: [right, "zzz", "another"]) == right)
    }

    @Test func `The nearest name is none where nothing is similar`() {
        #expect(Nearest.name(to: "metrics", among: ["http", "grpc"]) == nil)
        #expect(Nearest.name(to: "metrics", among: []) == nil)
        #expect(Nearest.name(to: String(repeating: "a", count: 100_000), among: ["b"]) == nil)
    }

    @Test func `A central Prometheus selects monitors like an agent`() throws {
        let files = try Files("Tests/Fixtures/why/central.yaml")
        func explain(_ name: String, _ kind: MonitorKind = .serviceMonitor) throws -> Explanation? {
            files.monitors.explain(kind, ObjectKey(namespace: "shop", name: name))
        }
        let works = try #require(try explain("web"))
        #expect(works.works, "\(works.lines)")
        #expect(
            works.findings.first?.line
                == "GlobalView observability/main: selects it (spec.prometheus.serviceMonitorSelector {team=shop})")
        let other = try #require(try explain("other"))
        #expect(!other.works)
        #expect(other.findings.first?.field == "spec.prometheus.serviceMonitorSelector")
        let slow = try #require(try explain("slow"))
        #expect(
            slow.findings.first?.message.contains("selects it and rejects it: spec.endpoints[0].scrapeTimeout") == true)
    }
}
