import Kube
import PlanningInput
import PrometheusConfig

/// The fields of monitors in prometheus-operator v0.93. The API server drops others without a word.
enum MonitorFields {
    /// What Prometheus calls a field that monitors have by another name.
    private static let renamed = [
        "metrics_path": "path", "metricsPath": "path", "scrape_interval": "interval", "scrapeInterval": "interval",
        "relabel_configs": "relabelings", "relabelConfigs": "relabelings",
        "metric_relabel_configs": "metricRelabelings", "metricRelabelConfigs": "metricRelabelings",
        "static_configs": "staticConfigs", "containerPort": "targetPort", "timeout": "scrapeTimeout",
    ]

    private static let relabeling = FieldTree.fields(
        "sourceLabels separator targetLabel regex modulus replacement action")
    private static let selector = FieldTree.fields("matchLabels matchExpressions")
    private static let namespaces = FieldTree.fields("any matchNames")
    private static let limits = """
        sampleLimit targetLimit labelLimit labelNameLengthLimit labelValueLengthLimit scrapeProtocols \
        fallbackScrapeProtocol keepDroppedTargets scrapeClass scrapeClassicHistograms scrapeNativeHistograms \
        nativeHistogramBucketLimit nativeHistogramMinBucketFactor convertClassicHistogramsToNHCB
        """
    private static let client = "tlsConfig authorization basicAuth oauth2 followRedirects enableHttp2"
    private static let proxy = "proxyUrl noProxy proxyFromEnvironment proxyConnectHeader"

    private static let endpoint = FieldTree.fields(
        """
        port targetPort path scheme params interval scrapeTimeout bearerTokenFile bearerTokenSecret honorLabels \
        honorTimestamps trackTimestampsStaleness filterRunning \(client) \(proxy)
        """, ["relabelings": relabeling, "metricRelabelings": relabeling])
    private static let podEndpoint = FieldTree.fields(
        """
        port portNumber targetPort path scheme params interval scrapeTimeout bearerTokenSecret honorLabels \
        honorTimestamps trackTimestampsStaleness filterRunning \(client) \(proxy)
        """, ["relabelings": relabeling, "metricRelabelings": relabeling])

    private static let serviceMonitor = FieldTree.fields(
        """
        jobLabel targetLabels podTargetLabels selectorMechanism attachMetadata bodySizeLimit serviceDiscoveryRole \
        \(limits)
        """, ["endpoints": endpoint, "selector": selector, "namespaceSelector": namespaces])
    private static let podMonitor = FieldTree.fields(
        "jobLabel podTargetLabels selectorMechanism attachMetadata bodySizeLimit \(limits)",
        ["podMetricsEndpoints": podEndpoint, "selector": selector, "namespaceSelector": namespaces])
    private static let probe = FieldTree.fields(
        "jobName module interval scrapeTimeout bearerTokenSecret params \(limits) \(client)",
        [
            "metricRelabelings": relabeling, "prober": .fields("url scheme path \(proxy)"),
            "targets": .fields(
                "",
                [
                    "staticConfig": .fields("static labels", ["relabelingConfigs": relabeling]),
                    "ingress": .fields(
                        "",
                        [
                            "selector": selector, "namespaceSelector": namespaces, "relabelingConfigs": relabeling,
                        ]),
                ]),
        ])
    /// The lists of a ScrapeConfig that find targets.
    static let discoveries = [
        "staticConfigs", "fileSDConfigs", "httpSDConfigs", "kubernetesSDConfigs", "consulSDConfigs", "dnsSDConfigs",
        "ec2SDConfigs", "azureSDConfigs", "gceSDConfigs", "openstackSDConfigs", "digitalOceanSDConfigs",
        "kumaSDConfigs", "eurekaSDConfigs", "dockerSDConfigs", "linodeSDConfigs", "hetznerSDConfigs", "nomadSDConfigs",
        "dockerSwarmSDConfigs", "puppetDBSDConfigs", "lightSailSDConfigs", "ovhcloudSDConfigs", "scalewaySDConfigs",
        "ionosSDConfigs",
    ]
    private static let scrapeConfig = FieldTree.fields(
        """
        jobName metricsPath scrapeInterval scrapeTimeout honorTimestamps trackTimestampsStaleness honorLabels params \
        scheme enableCompression enableHTTP2 bodySizeLimit nameValidationScheme nameEscapingScheme \
        \(discoveries.joined(separator: " ")) \(limits) \(client) \(proxy)
        """,
        [
            "staticConfigs": .fields("targets labels"), "relabelings": relabeling, "metricRelabelings": relabeling,
        ])

    /// Findings about the fields of a monitor that its kind does not have.
    static func findings(about monitor: ObservedMonitor) -> [Finding] {
        let tree: FieldTree =
            switch monitor.kind {
            case .serviceMonitor: serviceMonitor
            case .podMonitor: podMonitor
            case .probe: probe
            case .scrapeConfig: scrapeConfig
            }
        let spec = monitor.object.json["spec"] ?? [:]
        return tree.unknown(in: spec, at: FieldPath("spec"), renamed: renamed).prefix(20).map { unknown in
            let nearest = unknown.nearest.map { ". Did you mean \"\($0)\"?" } ?? ""
            return Finding(
                .note, "UnknownField", at: unknown.field.description,
                "is not a field of a \(monitor.kind.rawValue), and is ignored\(nearest)")
        }
    }
}
