import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("The settings of a central Prometheus")
struct CentralPrometheusTests {
    private static func view(_ more: String, version: String = "v3.5.0") -> String {
        Samples.prometheus.replacing("version: v3.5.0", with: "version: \(version)\n    <<: \(more)")
    }

    private static func arguments(_ more: String, version: String = "v3.5.0") throws -> [String] {
        try Scene(view(more, version: version)).plan().object("StatefulSet", "main-prometheus").arguments
    }

    /// The configuration, from a ConfigMap or a Secret.
    private static func configuration(_ plan: Plan) throws -> JSON {
        if let map = plan.objects.first(where: { $0.kind == "ConfigMap" && $0.name == "main-prometheus" }) {
            return try YAML.parseOne(try #require(map.json["data", "prometheus.yaml"]?.string)).value
        }
        return try AgentPlannerTests.configuration(plan, "main-prometheus")
    }

    private static func pod(_ plan: Plan) throws -> JSON {
        try #require(try plan.object("StatefulSet", "main-prometheus").json["spec", "template", "spec"])
    }

    @Test func `By default late samples are accepted for as long as agents keep them`() throws {
        let file = try Self.configuration(try Scene(Samples.prometheus).plan())
        #expect(file["storage", "tsdb", "out_of_order_time_window"] == "4h")
        let own = try Self.configuration(try Scene(Self.view("{outOfOrderTimeWindow: 1d}")).plan())
        #expect(own["storage", "tsdb", "out_of_order_time_window"] == "1d")
    }

    @Test func `Retention, features, log and further arguments are arguments`() throws {
        let arguments = try Self.arguments(
            """
            {retention: 30d, retentionSize: 400GB, enableFeatures: [exemplar-storage], logLevel: warn, \
            logFormat: json, walCompression: false, externalUrl: "https://p.example.org/base", \
            additionalArgs: [{name: query.max-samples, value: "1000"}, {name: web.enable-otlp-receiver}]}
            """)
        #expect(
            arguments == [
                "--config.file=/etc/prometheus/config/prometheus.yaml", "--storage.tsdb.path=/prometheus",
                "--storage.tsdb.retention.time=30d", "--storage.tsdb.retention.size=400GB",
                "--no-storage.tsdb.wal-compression", "--web.enable-remote-write-receiver",
                "--config.auto-reload-interval=3s", "--enable-feature=exemplar-storage,auto-reload-config",
                "--web.external-url=https://p.example.org/base", "--web.route-prefix=/", "--log.level=warn",
                "--log.format=json", "--query.max-samples=1000", "--web.enable-otlp-receiver",
            ])
    }

    @Test func `Arguments of Tributary cannot be overridden`() throws {
        for name in ["config.file", "storage.tsdb.path", "web.enable-lifecycle", "web.enable-remote-write-receiver"] {
            let plan = try Scene(Self.view("{additionalArgs: [{name: \(name)}]}")).plan()
            #expect(plan.diagnostics.map(\.reason) == ["InvalidSpec"], "\(name)")
            #expect(plan.messages.first?.contains("spec.prometheus.additionalArgs") == true, "\(plan.messages)")
        }
    }

    @Test func `External labels are in the file, whatever characters their values have`() throws {
        let plan = try Scene(Self.view("{externalLabels: {region: eu, price: \"5$\"}}")).plan()
        #expect(try Self.configuration(plan)["global", "external_labels"] == ["price": "5$$", "region": "eu"])
        let old = try Scene(Self.view("{externalLabels: {price: \"5$\"}}", version: "v2.53.3")).plan()
        #expect(try Self.configuration(old)["global", "external_labels"] == ["price": "5$"])
        let wrong = try Scene(Self.view("{externalLabels: {\"a-b\": c}}")).plan()
        #expect(wrong.diagnostics.map(\.reason) == ["InvalidSpec"])
    }

    @Test func `Scrape configurations are in a Secret, and a bad one is left out alone`() throws {
        let plan = try Scene(
            Self.view(
                """
                {scrapeConfigs: [{job_name: good, static_configs: [{targets: [a:1]}]}, \
                {job_name: bad, scrape_interval: soon}, {job_name: federate/legacy}]}
                """)
        ).plan()
        let jobs = try Self.configuration(plan)["scrape_configs"]?.array ?? []
        #expect(jobs.map { $0["job_name"] } == ["federate/legacy", "good"])
        #expect(
            plan.messages.map { String($0.prefix(84)) } == [
                "warning: GlobalView observability/main: spec.prometheus.scrapeConfigs[1]: scrape con",
                "warning: GlobalView observability/main: spec.prometheus.scrapeConfigs[2]: scrape con",
            ])
        #expect(!plan.names.contains("ConfigMap main-prometheus"))
        let status = try plan.status(of: "main")
        #expect(status["monitors"] == 1 && status["rejected"] == 2)
    }

    @Test func `A central Prometheus scrapes what monitors say, with permissions of its own`() throws {
        var scene = try Scene(
            Self.view("{serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}}"),
            MonitorSamples.serviceMonitor("app", endpoint: MonitorSamples.token), namespace: "observability")
        let waiting = scene.plan()
        #expect(waiting.monitors?.rejected.map(\.reason) == ["CredentialNotFound"])
        try scene.add(MonitorSamples.secret("credentials", ["token": "s3cret"]))
        let plan = scene.plan()
        #expect(plan.messages == [])
        let jobs = try Self.configuration(plan)["scrape_configs"]?.array ?? []
        #expect(jobs.map { $0["job_name"]?.string?.prefix(14) } == ["federate/legac", "serviceMonitor"])
        #expect(plan.names.contains("Secret main-prometheus-assets"))
        #expect(plan.names.contains("ServiceAccount main-prometheus"))
        let pod = try Self.pod(plan)
        #expect(pod["serviceAccountName"] == "main-prometheus" && pod["automountServiceAccountToken"] == true)
        #expect(plan.names.contains("RoleBinding main-prometheus") || plan.names.contains { $0.hasPrefix("Role") })
        let status = try plan.status(of: "main")
        #expect(status["monitors"] == 1 && status["rejected"] == 0)
    }

    @Test func `A change of a monitor plans the view again`() throws {
        var scene = try Scene(Self.view("{serviceMonitorSelector: {}}"))
        let object = Object(try YAML.parseOne(MonitorSamples.serviceMonitor("app")).value)
        var placed = object
        placed.json["metadata", "namespace"] = "observability"
        let keys = scene.snapshot.take(.monitor(.serviceMonitor, placed.key, ObservedMonitor(placed)))
        #expect(keys == [.globalView(Scene.key("main"))])
        #expect(try Self.configuration(scene.plan())["scrape_configs"]?.array?.count == 2)
    }

    @Test func `Tenants do not wait until the Secrets of its monitors have been read`() throws {
        var scene = try Scene(
            Self.view("{serviceMonitorSelector: {}}") + "\n  gateway: {}",
            MonitorSamples.serviceMonitor("app", endpoint: MonitorSamples.token))
        try scene.reset(credentials: .watched)
        let plan = scene.plan()
        #expect(plan.isPartial && !plan.isWaiting && plan.keepsExisting)
        #expect(plan.credentialSources.map(\.key.name) == ["credentials"])
        #expect(plan.names.contains("Deployment main-gateway") && !plan.names.contains("StatefulSet main-prometheus"))
        #expect(try plan.readiness(of: "main") == "False WaitingForSecrets")
    }

    @Test func `Before Prometheus 3 a sidecar reloads a configuration with monitors`() throws {
        let plan = try Scene(Self.view("{serviceMonitorSelector: {}}", version: "v2.53.3")).plan()
        let pod = try Self.pod(plan)
        #expect(pod["containers"]?.array?.compactMap { $0["name"]?.string } == ["prometheus", "reload"])
        let arguments = try plan.object("StatefulSet", "main-prometheus").json[
            "spec", "template", "spec", "containers"]?[0]?["args"]
        #expect(arguments?[0] == "--config.file=/etc/prometheus/config_out/prometheus.yaml")
    }

    @Test func `The pods of a central Prometheus have the fields of an agent's pods`() throws {
        let plan = try Scene(
            Self.view(
                """
                {nodeSelector: {disk: fast}, tolerations: [{key: big, operator: Exists}], priorityClassName: high, \
                serviceAccountName: mine, podMetadata: {labels: {team: x}}, secrets: [more], \
                volumes: [{name: extra, emptyDir: {}}], volumeMounts: [{name: extra, mountPath: /extra}], \
                podManagementPolicy: OrderedReady, updateStrategy: {type: OnDelete}, minReadySeconds: 5, \
                persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}, maximumStartupDurationSeconds: 1800}
                """)
        ).plan()
        let set = try plan.object("StatefulSet", "main-prometheus").json["spec"]
        let pod = try Self.pod(plan)
        #expect(pod["nodeSelector"] == ["disk": "fast"] && pod["priorityClassName"] == "high")
        #expect(pod["serviceAccountName"] == "mine" && pod["tolerations"]?[0]?["key"] == "big")
        #expect(!plan.names.contains { $0.hasPrefix("ServiceAccount ") })
        #expect(set?["template", "metadata", "labels", "team"] == "x")
        #expect(set?["podManagementPolicy"] == "OrderedReady" && set?["updateStrategy", "type"] == "OnDelete")
        #expect(set?["minReadySeconds"] == 5)
        #expect(set?["persistentVolumeClaimRetentionPolicy", "whenScaled"] == "Delete")
        let mounts = pod["containers"]?[0]?["volumeMounts"]?.array?.compactMap { $0["mountPath"]?.string } ?? []
        #expect(mounts.contains("/extra") && mounts.contains("/etc/prometheus/secrets/more"))
        #expect(pod["containers"]?[0]?["startupProbe", "failureThreshold"] == 120)
    }

    @Test func `Fields that agents have as well have the same schemas`() throws {
        let central = GlobalView.schema.property("spec")?.property("prometheus")
        let agent = PrometheusAgent.schema.property("spec")
        var same = 0
        for name in ["serviceMonitorSelector", "enforcedSampleLimit", "tolerations", "additionalArgs", "hostAliases"] {
            #expect(central?.property(name) != nil && central?.property(name) == agent?.property(name), "\(name)")
            same += 1
        }
        #expect(same == 5)
    }

    @Test func `A view that sets no further field of its central Prometheus has everything as before`() throws {
        let plan = try Scene(Samples.prometheus).plan()
        #expect(
            plan.names == [
                "ConfigMap main-prometheus", "Service main-prometheus", "StatefulSet main-prometheus",
                "Ingress main-write",
            ])
        let pod = try Self.pod(plan)
        #expect(pod["automountServiceAccountToken"] == false && pod["serviceAccountName"] == nil)
        #expect(pod["volumes"]?[0] == ["name": "config", "configMap": ["name": "main-prometheus"]])
    }

    @Test func `Alerts go to the endpoints of Services and to addresses`() throws {
        let plan = try Scene(
            Self.view(
                """
                {alerting: {alertmanagers: [{name: own, service: {name: alertmanager-operated, namespace: monitoring}}, \
                {name: far, targets: ["alerts.example.org:9093"], scheme: https, pathPrefix: /am, timeout: 5s, \
                basicAuth: {username: {name: am, key: user}, password: {name: am, key: password}}, \
                tlsConfig: {ca: {configMap: {name: am-ca, key: ca.crt}}}}]}}
                """)
        ).plan()
        #expect(plan.messages == [])
        let entries = try Self.configuration(plan)["alerting", "alertmanagers"]
        #expect(
            entries?[0] == [
                "kubernetes_sd_configs": [["role": "endpoints", "namespaces": ["names": ["monitoring"]]]],
                "relabel_configs": [
                    [
                        "source_labels": ["__meta_kubernetes_service_name"], "regex": "alertmanager-operated",
                        "action": "keep",
                    ],
                    ["source_labels": ["__meta_kubernetes_endpoint_port_name"], "regex": "web", "action": "keep"],
                ],
            ])
        #expect(entries?[1]?["basic_auth", "password_file"] == "/etc/prometheus/secrets/am/password")
        #expect(entries?[1]?["tls_config", "ca_file"] == "/etc/prometheus/configmaps/am-ca/ca.crt")
        #expect(entries?[1]?["static_configs"] == [["targets": ["alerts.example.org:9093"]]])
        let role = try #require(plan.objects.first { $0.kind == "Role" })
        #expect(role.namespace == "monitoring" && role.name == "observability.main-prometheus")
        #expect(role.labels["tributary.dev/globalview"] == "main")
        #expect(role.labels["tributary.dev/globalview-namespace"] == "observability")
        let wrong = try Scene(
            Self.view(
                "{alerting: {alertmanagers: [{name: a, targets: [\"http://b/c\"]}, {name: b, targets: [\"b:1\"]}]}}")
        ).plan()
        #expect(wrong.diagnostics.map(\.reason) == ["AlertmanagerRejected"])
        #expect(try Self.configuration(wrong)["alerting", "alertmanagers"]?.array?.count == 1)
    }

    @Test func `Pulling needs the gateway, which tells who pulls`() throws {
        let open = try Scene(Self.view("{servesFederate: true}")).plan()
        #expect(open.diagnostics.map(\.reason) == ["InvalidSpec"])
        #expect(open.messages.first?.contains("spec.prometheus.servesFederate: requires \"gateway\"") == true)
        #expect(try Scene(Self.view("{servesFederate: true}") + "\n  gateway: {}").plan().diagnostics == [])
    }

    private static let web = """
        {web: {pageTitle: Metrics, maxConnections: 100, \
        tlsConfig: {cert: {secret: {name: web, key: tls.crt}}, keySecret: {name: web, key: tls.key}}, \
        ca: {secret: {name: web, key: ca.crt}}}}
        """

    @Test func `Everything that talks to a central Prometheus with TLS checks its certificate`() throws {
        let scene = try Scene(Self.view(Self.web) + "\n  gateway: {}", Samples.tenant("tenant-a"))
        let plan = scene.plan()
        #expect(plan.messages == [])
        let arguments = try plan.object("StatefulSet", "main-prometheus").arguments
        #expect(
            arguments.suffix(3) == [
                "--web.page-title=Metrics", "--web.max-connections=100",
                "--web.config.file=/etc/prometheus/configmaps/main-prometheus-web/web-config.yaml",
            ])
        let text = try plan.object("ConfigMap", "main-prometheus-web").json["data", "web-config.yaml"]?.string
        #expect(text?.contains("cert_file: /etc/prometheus/secrets/web/tls.crt") == true)
        let container = try Self.pod(plan)["containers"]?[0]
        #expect(container?["readinessProbe", "httpGet", "scheme"] == "HTTPS")
        let ca = "/etc/tributary/authorities/ca.crt"
        let relay = try plan.object("Deployment", "main-relay")
        #expect(relay.arguments.contains("--upstream=https://main-prometheus.observability.svc:9090/api/v1/write"))
        #expect(relay.arguments.contains("--upstream-ca-file=\(ca)"))
        let volume: JSON = [
            "name": "authorities", "secret": ["secretName": "web", "items": [["key": "ca.crt", "path": "ca.crt"]]],
        ]
        #expect(relay.json["spec", "template", "spec", "volumes"] == [volume])
        let proxy = try plan.object("Deployment", "main-read-proxy")
        #expect(proxy.arguments.contains("-upstream=https://main-prometheus.observability.svc:9090"))
        #expect(proxy.arguments.contains("-upstream-ca-cert=\(ca)"))
        #expect(proxy.json["spec", "template", "spec", "volumes"] == [volume])
        let own = try Scene(Self.view(Self.web), Samples.tenant("tenant-a")).plan(tenant: "tenant-a")
        #expect(try own.object("Deployment", "tenant-a-read").arguments.contains("-upstream-ca-cert=\(ca)"))
        // nginx does not know the authorities, so that the relay stays.
        let trusted = Self.web.replacing("{web:", with: "{writeIsolation: Trusted, web:")
        let names = try Scene(Self.view(trusted) + "\n  gateway: {}").plan().names
        #expect(names.contains("Deployment main-relay"))
    }

    @Test func `TLS needs the authorities of the certificate`() throws {
        let plan = try Scene(Self.view(Self.web.replacing(", ca: {secret: {name: web, key: ca.crt}}", with: ""))).plan()
        #expect(plan.diagnostics.map(\.reason) == ["InvalidSpec"])
        #expect(plan.messages.first?.contains("spec.prometheus.web.ca: should be set together with tlsConfig") == true)
    }
}
