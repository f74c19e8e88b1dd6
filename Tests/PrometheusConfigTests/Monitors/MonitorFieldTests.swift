import Kube
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Fields of monitors and agents")
struct MonitorFieldTests {
    struct Change: Sendable, CustomTestStringConvertible {
        var fixture: MonitorFixture
        var changed: MonitorFixture
        var expected: [String]
        var testDescription: String { expected.first ?? "nothing" }

        init(_ fixture: MonitorFixture, _ expected: String..., change: (MonitorFixture) -> MonitorFixture) {
            self.fixture = fixture
            changed = change(fixture)
            self.expected = expected
        }
    }

    @Test(arguments: endpoints + discoveries + limits + probes + agents)
    func `Each field changes only its part of the job`(_ change: Change) throws {
        #expect(try change.changed.config().changes(from: try change.fixture.config()) == change.expected)
    }

    static let service = MonitorFixture.serviceMonitor
    static let pod = MonitorFixture.podMonitor
    static let both = [MonitorFixture.serviceMonitor, .podMonitor]

    static let endpoints: [Change] = both.flatMap { fixture -> [Change] in
        let kind = fixture.monitor["kind"] == "PodMonitor" ? "pod" : "service"
        let port = kind == "pod" ? "pod_container_port_name" : "endpoint_port_name"
        let gone: [String] = [
            #"- relabel_configs: {"action":"keep","source_labels":["__meta_kubernetes_\#(port)"],"regex":"web"}"#,
            #"- relabel_configs: {"target_label":"endpoint","replacement":"web"}"#,
        ]
        var targetPort = Change(fixture) { $0.with("{port: null, targetPort: 8080}") }
        targetPort.expected =
            gone + [
                #"+ relabel_configs: {"action":"keep","source_labels":["__meta_kubernetes_pod_container_port_number"],"#
                    + #""regex":"8080"}"#,
                #"+ relabel_configs: {"target_label":"endpoint","replacement":"8080"}"#,
            ]
        var noPort = Change(fixture) { $0.with("{port: null}") }
        noPort.expected = gone
        return [
            targetPort, noPort,
            Change(fixture, "- honor_labels: false", "+ honor_labels: true") { $0.with("honorLabels: true") },
            Change(fixture, "+ honor_timestamps: false") { $0.with("honorTimestamps: false") },
            Change(fixture, "+ track_timestamps_staleness: true") { $0.with("trackTimestampsStaleness: true") },
            Change(fixture, #"+ scrape_interval: "1m""#, #"+ scrape_timeout: "45s""#) {
                $0.with("{interval: 1m, scrapeTimeout: 45s}")
            },
            Change(fixture, #"+ metrics_path: "/m""#) { $0.with("path: /m") },
            Change(fixture, #"+ params: {"a":["c"],"b":["1","2"]}"#) { $0.with("params: {b: ['1', '2'], a: [c]}") },
            Change(fixture, #"+ scheme: "https""#) { $0.with("scheme: HTTPS") },
            Change(fixture, "+ enable_http2: false", "+ follow_redirects: false") {
                $0.with("{followRedirects: false, enableHttp2: false}")
            },
            Change(
                fixture,
                #"- relabel_configs: {"action":"drop","source_labels":["__meta_kubernetes_pod_phase"],"#
                    + #""regex":"(Failed|Succeeded)"}"#
            ) { $0.with("filterRunning: false") },
            Change(fixture, #"+ no_proxy: "a,b""#, #"+ proxy_url: "http://p:1""#) {
                $0.with("{proxyUrl: 'http://p:1', noProxy: 'a,b'}")
            },
            Change(fixture, #"+ proxy_connect_header: {"X":["h"]}"#, "+ proxy_from_environment: true") {
                $0.with("{proxyFromEnvironment: true, proxyConnectHeader: {X: [{name: s, key: header}]}}")
            },
            Change(
                fixture,
                #"+ basic_auth: {"username_file":"/etc/prometheus/assets/secret_shop_s_user","#
                    + #""password_file":"/etc/prometheus/assets/secret_shop_s_password"}"#
            ) { $0.with("basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}") },
            Change(fixture, #"+ bearer_token_file: "/etc/prometheus/assets/secret_shop_s_token""#) {
                $0.with("bearerTokenSecret: {name: s, key: token}")
            },
            Change(fixture) { $0.with("bearerTokenSecret: {name: '', key: ''}") },
            Change(
                fixture,
                #"+ authorization: {"type":"Token","credentials_file":"/etc/prometheus/assets/secret_shop_s_token"}"#
            ) { $0.with("authorization: {type: ' Token ', credentials: {name: s, key: token}}") },
            Change(
                fixture,
                #"+ oauth2: {"client_id":"client","client_secret_file":"/etc/prometheus/assets/secret_shop_s_password","#
                    + #""token_url":"https://t/","scopes":["a"],"endpoint_params":{"b":"c"}}"#
            ) {
                $0.with(
                    """
                    oauth2: {clientId: {configMap: {name: s, key: id}}, clientSecret: {name: s, key: password},
                      tokenUrl: 'https://t/', scopes: [a], endpointParams: {b: c}}
                    """)
            },
            Change(
                fixture,
                #"+ tls_config: {"ca_file":"/etc/prometheus/assets/configmap_shop_s_ca","#
                    + #""cert_file":"/etc/prometheus/assets/secret_shop_s_cert","#
                    + #""key_file":"/etc/prometheus/assets/secret_shop_s_key","insecure_skip_verify":false,"#
                    + #""server_name":"x","min_version":"TLS12"}"#
            ) {
                $0.with(
                    """
                    tlsConfig: {ca: {configMap: {name: s, key: ca}}, cert: {secret: {name: s, key: cert}},
                      keySecret: {name: s, key: key}, serverName: x, insecureSkipVerify: false, minVersion: TLS12}
                    """)
            },
            Change(fixture, #"+ relabel_configs: {"target_label":"a","regex":"x","action":"replace"}"#) {
                $0.with("relabelings: [{targetLabel: a, regex: x, action: Replace}]")
            },
            Change(fixture, #"+ relabel_configs: {"target_label":"a","replacement":""}"#) {
                $0.with("relabelings: [{targetLabel: a, regex: '', replacement: '', modulus: 0}]")
            },
        ]
    }

    static let discoveries: [Change] = [
        Change(service, #"- kubernetes_sd_configs[0].namespaces: {"names":["shop"]}"#) {
            $0.withSpec("namespaceSelector: {any: true}")
        },
        Change(
            service, #"- kubernetes_sd_configs[0].namespaces.names: "shop""#,
            #"+ kubernetes_sd_configs[0].namespaces.names: "a""#, #"+ kubernetes_sd_configs[0].namespaces.names: "b""#
        ) { $0.withSpec("namespaceSelector: {matchNames: [a, b]}") },
        Change(service, #"+ kubernetes_sd_configs[0].attach_metadata: {"node":true}"#) {
            $0.withSpec("attachMetadata: {node: true}")
        },
        Change(pod, #"+ kubernetes_sd_configs[0].attach_metadata: {"node":false}"#) {
            $0.withSpec("attachMetadata: {}")
        },
        Change(
            service,
            #"+ kubernetes_sd_configs[0].selectors: [{"role":"endpoints","label":"app=api,x in (a,b)"},"#
                + #"{"role":"service","label":"app=api,x in (a,b)"}]"#,
            #"- relabel_configs: {"action":"keep","source_labels":["__meta_kubernetes_service_label_app","#
                + #""__meta_kubernetes_service_labelpresent_app"],"regex":"(api);true"}"#
        ) {
            $0.withSpec("selectorMechanism: RoleSelector").with(
                "matchExpressions: [{key: x, operator: In, values: [b, a]}]", at: FieldPath("spec.selector"))
        },
        Change(
            pod, #"+ kubernetes_sd_configs[0].selectors: [{"role":"pod","label":"app=batch,!d,e,not notin (z)"}]"#,
            #"- relabel_configs: {"action":"keep","source_labels":["__meta_kubernetes_pod_label_app","#
                + #""__meta_kubernetes_pod_labelpresent_app"],"regex":"(batch);true"}"#
        ) {
            $0.withSpec("selectorMechanism: RoleSelector").with(
                """
                matchExpressions: [{key: not, operator: NotIn, values: [z]}, {key: e, operator: Exists},
                  {key: d, operator: DoesNotExist}]
                """, at: FieldPath("spec.selector"))
        },
    ]

    static let limits: [Change] = [
        Change(
            service, "+ keep_dropped_targets: 6", "+ label_limit: 3", "+ label_name_length_limit: 4",
            "+ label_value_length_limit: 5", "+ sample_limit: 1", "+ target_limit: 0"
        ) {
            $0.withSpec(
                """
                {sampleLimit: 1, targetLimit: 0, labelLimit: 3, labelNameLengthLimit: 4, labelValueLengthLimit: 5,
                 keepDroppedTargets: 6}
                """)
        },
        // An enforced limit replaces a higher one. A monitor without a limit, or with 0, has the one in `global`.
        Change(service, "+ label_limit: 10", "+ sample_limit: 9") {
            $0.withSpec("{sampleLimit: 9, labelLimit: 11, targetLimit: 0}").agent {
                ($0.enforced.sample, $0.enforced.label, $0.enforced.target, $0.enforced.labelNameLength) = (
                    10, 10, 10, 1
                )
            }
        },
        Change(service, #"+ body_size_limit: "5MB""#) {
            $0.withSpec("bodySizeLimit: 5MB").agent { $0.enforced.bodySize = "10MiB" }
        },
        Change(service, #"+ body_size_limit: "10MiB""#) {
            $0.withSpec("bodySizeLimit: 11MB").agent { $0.enforced.bodySize = "10MiB" }
        },
        Change(service, #"+ body_size_limit: "0""#) {
            $0.withSpec("bodySizeLimit: '0'").agent { $0.enforced.bodySize = "10MiB" }
        },
        Change(.probe, #"+ body_size_limit: "10MiB""#) { $0.agent { $0.enforced.bodySize = "10MiB" } },
        Change(
            service, "+ always_scrape_classic_histograms: true", "+ convert_classic_histograms_to_nhcb: true",
            "+ native_histogram_bucket_limit: 100", "+ native_histogram_min_bucket_factor: 1.2000000000000002"
        ) {
            $0.withSpec(
                """
                {scrapeClassicHistograms: true, convertClassicHistogramsToNHCB: true, nativeHistogramBucketLimit: 100,
                 nativeHistogramMinBucketFactor: '1.2'}
                """)
        },
        Change(
            service, #"+ fallback_scrape_protocol: "PrometheusText0.0.4""#,
            #"+ scrape_protocols: ["PrometheusProto","PrometheusText1.0.0"]"#
        ) {
            $0.withSpec(
                """
                {scrapeProtocols: [PrometheusProto, PrometheusText1.0.0], fallbackScrapeProtocol: PrometheusText0.0.4}
                """)
        },
    ]

    static let probes: [Change] = [
        Change(.probe, #"+ params: {"module":["m"],"a":["b","c"]}"#) {
            $0.withSpec("{module: m, params: [{name: module, values: [x]}, {name: a, values: [b, c]}]}")
        },
        Change(.probe, #"- metrics_path: "/probe""#, #"+ metrics_path: "/x""#, #"+ scheme: "https""#) {
            $0.with("{path: /x, scheme: https}", at: FieldPath("spec.prober"))
        },
        Change(
            .probe, #"- static_configs[0].labels.namespace: "shop""#, #"+ static_configs[0].labels.namespace: "mine""#
        ) { $0.with("labels: {namespace: mine}", at: .staticConfig) },
        Change(.probe, #"+ proxy_url: "socks5://p:1""#) {
            $0.with("proxyUrl: 'socks5://p:1'", at: FieldPath("spec.prober"))
        },
        // Static targets take precedence over ingresses.
        Change(.probe) { $0.with("ingress: {selector: {matchLabels: {a: b}}}", at: FieldPath("spec.targets")) },
        Change(.probe, #"+ authorization: {"type":"X"}"#) { $0.withSpec("authorization: {type: X}") },
    ]

    static let agents: [Change] = [
        Change(service.with("honorLabels: true"), "- honor_labels: true", "+ honor_labels: false") {
            $0.agent { $0.overrideHonorLabels = true }
        },
        Change(service, "+ honor_timestamps: false") { $0.agent { $0.overrideHonorTimestamps = true } },
        Change(.probe, "- honor_timestamps: true", "+ honor_timestamps: false") {
            $0.agent { $0.overrideHonorTimestamps = true }
        },
        Change(
            service.withSpec("namespaceSelector: {any: true}"),
            #"+ kubernetes_sd_configs[0].namespaces: {"names":["shop"]}"#
        ) {
            $0.agent { $0.ignoreNamespaceSelectors = true }
        },
        Change(
            pod,
            #"+ relabel_configs: {"source_labels":["__meta_kubernetes_pod_label_x_y"],"target_label":"x_y","#
                + #""regex":"(.+)","replacement":"${1}"}"#
        ) { $0.agent { $0.podTargetLabels = ["x/y"] } },
        Change(
            pod, #"+ metric_relabel_configs: [{"target_label":"ns","replacement":"shop"}]"#,
            #"+ relabel_configs: {"target_label":"ns","replacement":"shop"}"#
        ) {
            $0.agent {
                $0.enforcedNamespaceLabel = "ns"
                $0.excludedFromEnforcement = [MonitorReference(resource: "podmonitors", namespace: "other")]
            }
        },
        Change(pod) {
            $0.agent {
                $0.enforcedNamespaceLabel = "ns"
                $0.excludedFromEnforcement = [MonitorReference(group: "", resource: "podmonitors", namespace: "shop")]
            }
        },
        Change(
            service, #"+ kubernetes_sd_configs[0].api_server: "https://api""#,
            #"+ kubernetes_sd_configs[0].authorization: {"type":"Bearer","credentials_file":"/t"}"#
        ) { $0.agent { $0.apiServer = ["host": "https://api", "authorization": ["credentialsFile": "/t"]] } },
        Change(
            service, #"+ fallback_scrape_protocol: "PrometheusText0.0.4""#,
            #"+ kubernetes_sd_configs[0].attach_metadata: {"node":true}"#,
            #"+ metric_relabel_configs: [{"regex":"go_.*","action":"keep"}]"#
        ) {
            $0.scrapeClass(
                """
                {fallbackScrapeProtocol: PrometheusText0.0.4, attachMetadata: {node: true},
                 metricRelabelings: [{action: keep, regex: go_.*}]}
                """)
        },
    ]

    @Test func `A ServiceMonitor with EndpointSlices uses their labels`() throws {
        for fixture in [
            Self.service.withSpec("serviceDiscoveryRole: EndpointSlice"),
            Self.service.agent { $0.prefersEndpointSlices = true },
        ] {
            let config = try fixture.config()
            #expect(config["kubernetes_sd_configs"]?[0]?["role"] == "endpointslice")
            let text = config.text()
            #expect(text.contains("__meta_kubernetes_endpointslice_port_name"))
            #expect(text.contains("__meta_kubernetes_endpointslice_address_target_kind"))
            #expect(!text.contains("__meta_kubernetes_endpoint_"))
        }
        let own = Self.service.withSpec("serviceDiscoveryRole: Endpoints").agent { $0.prefersEndpointSlices = true }
        #expect(try own.config()["kubernetes_sd_configs"]?[0]?["role"] == "endpoints")
    }
}
