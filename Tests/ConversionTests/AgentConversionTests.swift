import Conversion
import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Conversion of prometheus-operator's agents")
struct AgentConversionTests {
    /// A PrometheusAgent of prometheus-operator with a specification in flow style.
    static func theirs(_ spec: String, kind: String = "PrometheusAgent", name: String = "agent") throws -> Object {
        let version = kind == "Prometheus" ? "v1" : "v1alpha1"
        return Object(
            try YAML.parseOne(
                """
                apiVersion: monitoring.coreos.com/\(version)
                kind: \(kind)
                metadata: {name: \(name), namespace: monitoring}
                spec: {version: v3.5.0, remoteWrite: [{url: "https://metrics.example.org/write"}], \(spec)}
                """
            ).value)
    }

    static func convert(_ spec: String, kind: String = "PrometheusAgent") throws -> AgentConversion {
        try AgentConversion(theirs(spec, kind: kind))
    }

    static func spec(_ spec: String, kind: String = "PrometheusAgent") throws -> JSON {
        try #require(convert(spec, kind: kind).agent.json["spec"])
    }

    static func findings(_ spec: String, kind: String = "PrometheusAgent") throws -> [String] {
        try convert(spec, kind: kind).findings.map(\.description)
    }

    @Test func `Fields with the same name keep their values`() throws {
        let same = """
            replicas: 2, shards: 3, scrapeInterval: 15s, serviceMonitorSelector: {}, externalLabels: {cluster: eu-1}, \
            podMonitorNamespaceSelector: {matchLabels: {a: b}}, enforcedNamespaceLabel: namespace, logLevel: warn, \
            excludedFromEnforcement: [{resource: podmonitors, namespace: a}], arbitraryFSAccessThroughSMs: {deny: true}, \
            storage: {emptyDir: {medium: Memory}}, podMetadata: {labels: {a: b}}, tsdb: {outOfOrderTimeWindow: 10m}, \
            web: {pageTitle: here}, apiserverConfig: {host: 'https://a', bearerTokenFile: /b}, mode: StatefulSet, listenLocal: true, additionalScrapeConfigs: {name: a, key: b}, \
            prometheusExternalLabelName: which, replicaExternalLabelName: replica
            """
        let conversion = try Self.convert(same)
        #expect(conversion.findings == [])
        #expect(conversion.agent.json["spec"] == (try Self.theirs(same)).json["spec"])
        #expect(conversion.agent.apiVersion == "tributary.dev/v1alpha1")
        #expect(conversion.agent.key == ObjectKey(namespace: "monitoring", name: "agent"))
    }

    @Test func `Series keep their labels`() throws {
        let spec = try Self.spec("")
        #expect(spec["prometheusExternalLabelName"] == "prometheus")
        #expect(spec["replicaExternalLabelName"] == "prometheus_replica")
        let none = try Self.spec("prometheusExternalLabelName: '', replicaExternalLabelName: ''")
        #expect(none["prometheusExternalLabelName"] == "")
        #expect(none["replicaExternalLabelName"] == "")
    }

    @Test func `The converted agent has no status and no metadata of the cluster`() throws {
        var object = try Self.theirs("")
        object.json["metadata", "uid"] = "u"
        object.json["metadata", "generation"] = 3
        object.json["metadata", "labels"] = ["a": "b"]
        object.json["metadata", "annotations"] = ["kubectl.kubernetes.io/last-applied-configuration": "{}"]
        object.json["status"] = ["replicas": 2]
        let agent = try AgentConversion(object).agent
        #expect(agent.json["metadata"] == ["name": "agent", "namespace": "monitoring", "labels": ["a": "b"]])
        #expect(agent.json["status"] == nil)
    }

    @Test(arguments: [
        "enableFeatures: [agent]", "enableFeatures: ['exemplar-storage,agent']",
        "containers: [{name: prometheus, args: ['--enable-feature=agent']}]",
        "containers: [{name: prometheus, args: ['--enable-feature', 'a,agent']}]",
        "containers: [{name: prometheus, args: ['--agent']}]", "additionalArgs: [{name: agent}]",
        "additionalArgs: [{name: enable-feature, value: 'agent'}]",
    ]) func `A Prometheus with the agent flag becomes a PrometheusAgent`(flag: String) throws {
        let conversion = try Self.convert("serviceMonitorSelector: {}, \(flag)", kind: "Prometheus")
        #expect(conversion.agent.kind == "PrometheusAgent")
        #expect(conversion.agent.json["spec", "enableFeatures"]?.array?.contains("agent") != true)
        #expect(PrometheusAgent.problems(in: conversion.agent).map(\.description) == [])
    }

    @Test func `A Prometheus server is not converted`() throws {
        let server = try Self.theirs("enableFeatures: [exemplar-storage]", kind: "Prometheus")
        let error = #expect(throws: FieldError.self) { try AgentConversion(server) }
        #expect(
            error.map { "\($0)" }
                == "spec.enableFeatures: has no \"agent\": this is a server (see spec.prometheus of a GlobalView), "
                + "not an agent")
        #expect(AgentConversion.reads(server))
        #expect(!AgentConversion.reads(Object(["apiVersion": "tributary.dev/v1alpha1", "kind": "PrometheusAgent"])))
    }

    @Test func `Fields of a server are reported one by one`() throws {
        let findings = try Self.findings(
            """
            enableFeatures: [agent], serviceMonitorSelector: {}, retention: 24h, ruleSelector: {}, \
            rules: {alert: {}}, alerting: {alertmanagers: [{name: a}]}, enableAdminAPI: false, thanos: {version: v0.30.0}
            """, kind: "Prometheus")
        #expect(
            findings.map { $0.prefix { $0 != ":" } } == [
                "spec.retention", "spec.ruleSelector", "spec.alerting", "spec.thanos",
            ])
        #expect(findings.first?.contains("has no counterpart: agents do not store series for queries") == true)
    }

    @Test func `Values that the API server would refuse are reported and do not fail the conversion`() throws {
        let conversion = try Self.convert(
            "replicas: 11, remoteWrites: [{url: a}]")
        #expect(conversion.findings.map(\.field.description) == ["spec.replicas", "spec.remoteWrites"])
        #expect(conversion.findings.map(\.effect) == [.refused, .leftOut])
        let late = try Self.convert("scrapeTimeout: 1m")
        #expect(late.findings.map(\.effect) == [.refused])
        #expect(late.findings.first?.description.contains("should be at most scrapeInterval") == true)
    }

    @Test func `An image in parts becomes a single image`() throws {
        func both(_ spec: String) throws -> [String?] {
            var object = try Self.theirs("")
            object.json["spec"] = try YAML.parseOne("{\(spec)}").value
            let found = try AgentConversion(object).agent.json["spec"]
            return [found?["image"]?.string, found?["version"]?.string]
        }
        #expect(try both("baseImage: mine/prom, tag: v2.45.0") == ["mine/prom:v2.45.0", "v2.45.0"])
        #expect(try both("version: v2.45.0, sha: abc") == ["quay.io/prometheus/prometheus@sha256:abc", "v2.45.0"])
        #expect(try both("version: v2.45.0, baseImage: mine/prom") == ["mine/prom:v2.45.0", "v2.45.0"])
        #expect(
            try both("image: 'mine:5000/prom:v2.45.0', tag: v2.44.0, version: v2.45.0")
                == ["mine:5000/prom:v2.45.0", "v2.45.0"])
        #expect(
            try both("image: 'mine:5000/prom:v2.45.0@sha256:abc'") == ["mine:5000/prom:v2.45.0@sha256:abc", "v2.45.0"])
        #expect(try both("image: 'mine:5000/prom'") == ["mine:5000/prom", nil])
    }

    @Test func `A missing version is reported`() throws {
        var object = try Self.theirs("")
        object.json["spec", "version"] = nil
        let findings = try AgentConversion(object).findings
        #expect(findings.map(\.field.description) == ["spec.version"])
        #expect(findings.map(\.advice) == ["set the version that runs now"])
    }

    @Test func `Arguments of the container are kept, except for those that Tributary sets`() throws {
        let conversion = try Self.convert(
            """
            containers: [{name: prometheus, args: ['--config.file=/x', '--storage.agent.path=/y', '--web.route-prefix=/z', \
            '--storage.agent.retention.max-time', '6h', '--enable-feature=agent,exemplar-storage', '--log.level=debug']}, \
            {name: config-reloader, resources: {}}, {name: proxy, image: envoy}]
            """)
        let spec = try #require(conversion.agent.json["spec"])
        #expect(spec["additionalArgs"] == [["name": "storage.agent.retention.max-time", "value": "6h"]])
        #expect(spec["enableFeatures"] == ["exemplar-storage"])
        #expect(spec["routePrefix"] == "/z")
        #expect(spec["logLevel"] == "debug")
        #expect(spec["containers"] == [["name": "proxy", "image": "envoy"]])
        #expect(
            conversion.findings.map(\.field.description) == ["spec.containers[0].args", "spec.containers[1]"])
        // Values of arguments may be secret.
        #expect(!conversion.findings.contains { $0.description.contains("6h") })
    }

    @Test func `The converted agent keeps the storage that was in use`() throws {
        let claim = "volumeClaimTemplate: {metadata: {labels: {a: b}}, spec: {resources: {requests: {storage: 1Gi}}}}"
        let converted = try Self.convert("storage: {\(claim)}")
        #expect(
            converted.agent.json["spec", "storage"] == [
                "volumeClaimTemplate": [
                    "spec": ["resources": ["requests": ["storage": "1Gi"]], "accessModes": ["ReadWriteOnce"]]
                ]
            ])
        #expect(
            converted.findings.map(\.field.description) == ["spec.storage.volumeClaimTemplate.metadata.labels"])
        #expect(try Self.spec("storage: {emptyDir: {}, \(claim)}")["storage"] == ["emptyDir": [:]])
        let empty = "volumeClaimTemplate: {metadata: {}, spec: {resources: {}}, status: {}}"
        #expect(try Self.spec("storage: {ephemeral: {a: b}, \(empty)}")["storage"] == ["ephemeral": ["a": "b"]])
        #expect(try Self.findings("storage: {disableMountSubPath: true, \(empty)}") == [])
    }

    @Test func `The remote-write receiver stays enabled`() throws {
        let spec = try Self.spec(
            "enableRemoteWriteReceiver: true, remoteWriteReceiverMessageVersions: [V2.0, V1.0]")
        #expect(
            spec["additionalArgs"] == [
                ["name": "web.enable-remote-write-receiver"],
                [
                    "name": "web.remote-write-receiver.accepted-protobuf-messages",
                    "value": "io.prometheus.write.v2.Request,prometheus.WriteRequest",
                ],
            ])
    }

    @Test func `A plain-text password or token is reported without its value`() throws {
        var object = try Self.theirs("")
        object.json["spec", "remoteWrite"] = [
            ["url": "https://me:hidden@a.example.org/write"],
            ["url": "https://b.example.org", "bearerToken": "hidden"],
        ]
        let findings = try AgentConversion(object).findings
        #expect(
            findings.map(\.field.description) == ["spec.remoteWrite[0].url", "spec.remoteWrite[1].bearerToken"])
        #expect(!findings.contains { $0.description.contains("hidden") })
    }

    @Test func `Pods keep their placement rules`() throws {
        let constraint = "maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule"
        let conversion = try Self.convert(
            "topologySpreadConstraints: [{\(constraint), additionalLabelSelectors: OnShard}]")
        let made = try #require(conversion.agent.json["spec", "topologySpreadConstraints"]?[0])
        #expect(made["labelSelector", "matchLabels"]?["app.kubernetes.io/instance"] == "agent")
        #expect(made["matchLabelKeys"] == ["tributary.dev/shard"])
        #expect(made["additionalLabelSelectors"] == nil)
        #expect(conversion.findings == [])
        let named = try Self.findings(
            "topologySpreadConstraints: [{\(constraint), labelSelector: {matchLabels: "
                + "{operator.prometheus.io/name: a}}}]"
        )
        #expect(named.count == 1)
        #expect(named.first?.hasPrefix("spec.topologySpreadConstraints: selects pods by labels") == true)
    }

    @Test(arguments: [
        "additionalArgs", "affinity", "baseImage", "containers", "enableFeatures", "enableRemoteWriteReceiver",
        "excludedFromEnforcement", "externalLabels", "image", "initContainers", "podMetadata", "remoteWrite",
        "shards", "storage", "tag", "topologySpreadConstraints", "version",
        "volumeMounts", "volumes",
    ]) func `Invalid values are reported or kept and never dropped silently`(field: String) throws {
        let junk: [JSON] = [
            true, 1, "x y", [1, nil], ["x": [[:]]], [["name": 1]], [["name": "prometheus", "args": "x"]],
            [["name": "prometheus", "args": ["x", "--", "--=", "=a", 1]]],
        ]
        let usual = try Self.convert("").agent
        for value in junk {
            var object = try Self.theirs("")
            object.json["spec"]?[field] = value
            let conversion = try AgentConversion(object)
            #expect(conversion.agent != usual || !conversion.findings.isEmpty, "\(value)")
            let isRefused = !PrometheusAgent.problems(in: conversion.agent).isEmpty
            #expect(isRefused == conversion.findings.contains { $0.effect == .refused }, "\(value)")
        }
    }

    @Test func `Defaults that prometheus-operator's API server adds are not reported`() throws {
        let node = try Self.convert(
            "mode: DaemonSet, shards: 1, portName: web, podMonitorSelector: {}")
        #expect(node.findings == [])
        #expect(node.agent.json["spec", "shards"] == nil)
        let older =
            "enableFeatures: [agent], serviceMonitorSelector: {}, shards: 1, evaluationInterval: 30s, portName: web"
        #expect(try Self.findings(older, kind: "Prometheus") == [])
    }

    @Test func `Empty values are not reported`() throws {
        #expect(
            try Self.findings(
                """
                schedulerName: '', hostUsers: true, shardingStrategy: {mode: Classic}, apiserverConfig: null, \
                priorityClassName: '', serviceName: "", logFormat: ''
                """) == [])
        #expect(try Self.findings("hostUsers: false").count == 1)
        #expect(try Self.findings("shardingStrategy: {mode: Topology}").count == 1)
    }

    @Test func `The pods of a converted agent get a configuration with its labels and jobs`() throws {
        let theirs = try Self.theirs("shards: 2, podMonitorSelector: {}, enableFeatures: [agent]")
        let agent = try PrometheusAgent(try AgentConversion(theirs).agent)
        var snapshot = Snapshot(now: .now)
        snapshot.take(.agent(agent.key, Boxed(agent)))
        let monitor = """
            apiVersion: monitoring.coreos.com/v1
            kind: PodMonitor
            metadata: {name: web, namespace: monitoring}
            spec: {selector: {}, podMetricsEndpoints: [{port: web}]}
            """
        try snapshot.take(Object(try YAML.parseOne(monitor).value))
        let planner = Planner(snapshot)
        let files = planner.configurations(in: planner.plan(for: .agent(agent.key)))
        #expect(files.map(\.shard) == [0, 1])
        #expect(files.map(\.shards) == [2, 2])
        let file = try #require(files.first?.content)
        #expect(
            file["global", "external_labels"] == [
                "prometheus": "monitoring/agent", "prometheus_replica": "${POD_NAME}",
            ])
        #expect(file["scrape_configs"]?[0]?["job_name"] == "podMonitor/monitoring/web/0")
    }
}
