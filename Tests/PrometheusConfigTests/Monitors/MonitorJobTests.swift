import Kube
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Jobs of monitors")
struct MonitorJobTests {
    private func expect(_ config: JSON, _ yaml: String, _ source: SourceLocation = #_sourceLocation) throws {
        #expect(YAML.write(config) == yaml + "\n", sourceLocation: source)
    }

    @Test func `A ServiceMonitor makes a job that discovers the endpoints of its services`() throws {
        let fixture = MonitorFixture.serviceMonitor
            .withSpec(
                """
                jobLabel: app.kubernetes.io/name
                targetLabels: [team]
                podTargetLabels: [version]
                selector:
                  matchLabels: {app: api, release: v1.2}
                  matchExpressions: [{key: tier, operator: In, values: [a, b]}, {key: canary, operator: DoesNotExist}]
                """
            )
            .with("{interval: 15s, metricRelabelings: [{action: drop, sourceLabels: [__name__], regex: go_.*}]}")
            .with("relabelings: [{targetLabel: site, replacement: x}]")
            .agent { $0.enforcedNamespaceLabel = "ns" }
        try expect(
            try fixture.config(),
            #"""
            job_name: serviceMonitor/shop/api/0
            honor_labels: false
            kubernetes_sd_configs:
            - role: endpoints
              namespaces:
                names:
                - shop
            scrape_interval: 15s
            relabel_configs:
            - source_labels:
              - job
              target_label: __tmp_prometheus_job_name
            - action: keep
              source_labels:
              - __meta_kubernetes_service_label_app
              - __meta_kubernetes_service_labelpresent_app
              regex: (api);true
            - action: keep
              source_labels:
              - __meta_kubernetes_service_label_release
              - __meta_kubernetes_service_labelpresent_release
              regex: (v1\.2);true
            - action: keep
              source_labels:
              - __meta_kubernetes_service_label_tier
              - __meta_kubernetes_service_labelpresent_tier
              regex: (a|b);true
            - action: drop
              source_labels:
              - __meta_kubernetes_service_labelpresent_canary
              regex: "true"
            - action: keep
              source_labels:
              - __meta_kubernetes_endpoint_port_name
              regex: web
            - source_labels:
              - __meta_kubernetes_endpoint_address_target_kind
              - __meta_kubernetes_endpoint_address_target_name
              separator: ;
              regex: Node;(.*)
              replacement: ${1}
              target_label: node
            - source_labels:
              - __meta_kubernetes_endpoint_address_target_kind
              - __meta_kubernetes_endpoint_address_target_name
              separator: ;
              regex: Pod;(.*)
              replacement: ${1}
              target_label: pod
            - source_labels:
              - __meta_kubernetes_namespace
              target_label: namespace
            - source_labels:
              - __meta_kubernetes_service_name
              target_label: service
            - source_labels:
              - __meta_kubernetes_pod_name
              target_label: pod
            - source_labels:
              - __meta_kubernetes_pod_container_name
              target_label: container
            - action: drop
              source_labels:
              - __meta_kubernetes_pod_phase
              regex: (Failed|Succeeded)
            - source_labels:
              - __meta_kubernetes_service_label_team
              target_label: team
              regex: (.+)
              replacement: ${1}
            - source_labels:
              - __meta_kubernetes_pod_label_version
              target_label: version
              regex: (.+)
              replacement: ${1}
            - source_labels:
              - __meta_kubernetes_service_name
              target_label: job
              replacement: ${1}
            - source_labels:
              - __meta_kubernetes_service_label_app_kubernetes_io_name
              target_label: job
              regex: (.+)
              replacement: ${1}
            - target_label: endpoint
              replacement: web
            - target_label: site
              replacement: x
            - target_label: ns
              replacement: shop
            metric_relabel_configs:
            - source_labels:
              - __name__
              regex: go_.*
              action: drop
            - target_label: ns
              replacement: shop
            """#)
    }

    @Test func `A PodMonitor makes a job that discovers pods`() throws {
        let fixture = MonitorFixture.podMonitor.with("{port: null, portNumber: 9090}")
            .scrapeClass("relabelings: [{targetLabel: cluster, replacement: eu}]")
        try expect(
            try fixture.config(),
            #"""
            job_name: podMonitor/shop/batch/0
            honor_labels: false
            kubernetes_sd_configs:
            - role: pod
              namespaces:
                names:
                - shop
            relabel_configs:
            - source_labels:
              - job
              target_label: __tmp_prometheus_job_name
            - action: drop
              source_labels:
              - __meta_kubernetes_pod_phase
              regex: (Failed|Succeeded)
            - action: keep
              source_labels:
              - __meta_kubernetes_pod_label_app
              - __meta_kubernetes_pod_labelpresent_app
              regex: (batch);true
            - action: keep
              source_labels:
              - __meta_kubernetes_pod_container_port_number
              regex: "9090"
            - source_labels:
              - __meta_kubernetes_namespace
              target_label: namespace
            - source_labels:
              - __meta_kubernetes_pod_container_name
              target_label: container
            - source_labels:
              - __meta_kubernetes_pod_name
              target_label: pod
            - target_label: job
              replacement: shop/batch
            - target_label: cluster
              replacement: eu
            """#)
    }

    @Test func `A Probe of static targets makes a job that scrapes the prober`() throws {
        let fixture = MonitorFixture.probe.withSpec("{module: http_2xx, jobName: front, interval: 1m}")
            .with("{labels: {site: x}, relabelingConfigs: [{action: labeldrop, regex: site}]}", at: .staticConfig)
        try expect(
            try fixture.config(),
            #"""
            job_name: probe/shop/front
            honor_timestamps: true
            metrics_path: /probe
            scrape_interval: 1m
            params:
              module:
              - http_2xx
            static_configs:
            - targets:
              - example.org
              labels:
                site: x
                namespace: shop
            relabel_configs:
            - source_labels:
              - job
              target_label: __tmp_prometheus_job_name
            - target_label: job
              replacement: front
            - source_labels:
              - __address__
              target_label: __param_target
            - source_labels:
              - __param_target
              target_label: instance
            - target_label: __address__
              replacement: blackbox:9115
            - regex: site
              action: labeldrop
            """#)
        #expect(try fixture.made().jobs.map(\.sharding) == [.byProbeTarget])
    }

    @Test func `A Probe of ingresses makes a job that discovers them`() throws {
        let fixture = MonitorFixture.probe.withSpec(
            "targets: {ingress: {selector: {matchLabels: {app: a.b}}, namespaceSelector: {any: true}}}")
        try expect(
            try fixture.config(),
            #"""
            job_name: probe/shop/front
            honor_timestamps: true
            metrics_path: /probe
            kubernetes_sd_configs:
            - role: ingress
            relabel_configs:
            - source_labels:
              - job
              target_label: __tmp_prometheus_job_name
            - action: keep
              source_labels:
              - __meta_kubernetes_ingress_label_app
              - __meta_kubernetes_ingress_labelpresent_app
              regex: (a\.b);true
            - source_labels:
              - __meta_kubernetes_ingress_scheme
              - __address__
              - __meta_kubernetes_ingress_path
              separator: ;
              regex: (.+);(.+);(.+)
              target_label: __param_target
              replacement: ${1}://${2}${3}
              action: replace
            - source_labels:
              - __meta_kubernetes_namespace
              target_label: namespace
            - source_labels:
              - __meta_kubernetes_ingress_name
              target_label: ingress
            - source_labels:
              - __address__
              separator: ;
              regex: (.*)
              target_label: __tmp_ingress_address
              replacement: $1
              action: replace
            - source_labels:
              - __param_target
              target_label: instance
            - target_label: __address__
              replacement: blackbox:9115
            """#)
    }

    @Test func `Each endpoint makes a job of its own`() throws {
        let jobs = try MonitorFixture.serviceMonitor.withSpec("endpoints: [{port: a}, {port: b}]").made().jobs
        #expect(jobs.map(\.name) == ["serviceMonitor/shop/api/0", "serviceMonitor/shop/api/1"])
        #expect(jobs.map(\.sharding) == [.byAddress, .byAddress])
        #expect(try MonitorFixture.serviceMonitor.withSpec("endpoints: []").made().jobs.isEmpty)
    }

    @Test func `Jobs are in the order of the namespaces and names of their monitors`() {
        let keys = [("tenant-a", "x"), ("tenant-a-dev", "x"), ("tenant-a", "w")]
            .map { ObjectKey(namespace: $0.0, name: $0.1) }
        #expect(
            keys.sorted(by: Monitors.comesFirst).map(\.description) == ["tenant-a-dev/x", "tenant-a/w", "tenant-a/x"])
        #expect(MonitorKind.ofAgents.map(\.plural) == ["podmonitors", "servicemonitors", "probes", "scrapeconfigs"])
    }

    @Test func `A scrape configuration is distributed over shards by address unless it computes a hash itself`() {
        #expect(ScrapeJob(scrapeConfig: ["job_name": "a"]).sharding == .byAddress)
        let hashing: JSON = ["job_name": "a", "relabel_configs": [["action": "HashMod", "modulus": 2]]]
        #expect(ScrapeJob(scrapeConfig: hashing).sharding == .none)
    }

    @Test func `An agent on every node scrapes the pods of its node and has no shards`() throws {
        let fixture = MonitorFixture.podMonitor.agent { $0.isNodeLocal = true }
        #expect(try fixture.made().jobs.map(\.sharding) == [ScrapeJob.Sharding.none])
        #expect(
            try fixture.config()["kubernetes_sd_configs"]?[0]?["selectors"]
                == [["role": "pod", "field": "spec.nodeName=$(NODE_NAME)"]])
        #expect(
            MonitorFixture.serviceMonitor.agent { $0.isNodeLocal = true }.problem
                == "kind: is ServiceMonitor, but an agent that runs on every node supports only PodMonitors")
    }
}

extension FieldPath {
    static let staticConfig = FieldPath("spec.targets.staticConfig")
}
