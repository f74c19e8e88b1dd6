package import Kube

/// The fields of monitors in prometheus-operator v0.93. The API server drops others without a word.
package enum MonitorFields {
    /// The most unknown fields of a monitor that are named.
    package static let most = 10

    /// The fields of a monitor that its kind does not have, with the names that were probably meant.
    package static func unknown(in object: Object, _ kind: MonitorKind) -> [FieldError] {
        let tree: FieldTree =
            switch kind {
            case .serviceMonitor: serviceMonitor
            case .podMonitor: podMonitor
            case .probe: probe
            case .scrapeConfig: scrapeConfig
            case .prometheusRule: prometheusRule
            }
        return tree.unknown(in: object.json, renamed: renamed, most: most).map { unknown in
            FieldError(
                unknown.field, "is not a field of a \(kind.rawValue), and is ignored\(unknown.question)"
            ).shortened
        }
    }

    /// What Prometheus calls a field that monitors have by another name.
    private static let renamed = [
        "metrics_path": "path", "metricsPath": "path", "scrape_interval": "interval", "scrapeInterval": "interval",
        "relabel_configs": "relabelings", "relabelConfigs": "relabelings",
        "metric_relabel_configs": "metricRelabelings", "metricRelabelConfigs": "metricRelabelings",
        "static_configs": "staticConfigs", "containerPort": "targetPort", "timeout": "scrapeTimeout",
        "ca_file": "caFile", "insecure": "insecureSkipVerify", "bearer_token": "bearerTokenSecret",
        "bearerToken": "bearerTokenSecret", "matchExpression": "matchExpressions", "any_namespace": "any",
    ]

    // MARK: - What kinds share

    static let secretKey = FieldTree.fields("name key optional")
    private static let secretOrConfigMap = FieldTree.fields("", ["secret": secretKey, "configMap": secretKey])
    private static let certificates = [
        "ca": secretOrConfigMap, "cert": secretOrConfigMap, "keySecret": secretKey,
    ]
    private static let safeTLS = FieldTree.fields("insecureSkipVerify minVersion maxVersion serverName", certificates)
    private static let fileTLS = FieldTree.fields(
        "insecureSkipVerify minVersion maxVersion serverName caFile certFile keyFile", certificates)
    static let authorization = FieldTree.fields("type", ["credentials": secretKey])
    static let basicAuth = FieldTree.fields("", ["username": secretKey, "password": secretKey])
    private static let proxyHeader = FieldTree.map(secretKey)
    static let oauth2 = FieldTree.fields(
        "endpointParams scopes tokenUrl \(proxy)",
        [
            "clientId": secretOrConfigMap, "clientSecret": secretKey, "tlsConfig": safeTLS,
            "proxyConnectHeader": proxyHeader,
        ])
    static let proxy = "proxyUrl noProxy proxyFromEnvironment"
    /// What a connection to anything has, apart from credentials.
    static let connection = ["proxyConnectHeader": proxyHeader, "tlsConfig": safeTLS]
    static let attachMetadata = FieldTree.fields("node")

    private static let relabeling = FieldTree.fields(
        "sourceLabels separator targetLabel regex modulus replacement action")
    private static let selector = FieldTree.fields(
        "", ["matchLabels": .map(.any), "matchExpressions": .fields("key operator values")])
    private static let namespaces = FieldTree.fields("any matchNames")
    private static let limits = """
        sampleLimit targetLimit labelLimit labelNameLengthLimit labelValueLengthLimit scrapeProtocols \
        fallbackScrapeProtocol keepDroppedTargets scrapeClass scrapeClassicHistograms scrapeNativeHistograms \
        nativeHistogramBucketLimit nativeHistogramMinBucketFactor convertClassicHistogramsToNHCB
        """

    // MARK: - Kinds

    private static let endpointFields = """
        port targetPort path scheme params interval scrapeTimeout honorLabels honorTimestamps \
        trackTimestampsStaleness filterRunning followRedirects enableHttp2 \(proxy)
        """

    private static func endpoint(_ more: String) -> FieldTree {
        .fields(
            "\(endpointFields) \(more)",
            [
                "relabelings": relabeling, "metricRelabelings": relabeling, "authorization": authorization,
                "basicAuth": basicAuth, "oauth2": oauth2, "bearerTokenSecret": secretKey,
                "proxyConnectHeader": proxyHeader, "tlsConfig": fileTLS,
            ])
    }

    private static let serviceMonitor = FieldTree.object(
        spec: .fields(
            """
            jobLabel targetLabels podTargetLabels selectorMechanism bodySizeLimit serviceDiscoveryRole \(limits)
            """,
            [
                "endpoints": endpoint("bearerTokenFile"), "selector": selector, "namespaceSelector": namespaces,
                "attachMetadata": attachMetadata,
            ]))
    private static let podMonitor = FieldTree.object(
        spec: .fields(
            "jobLabel podTargetLabels selectorMechanism bodySizeLimit \(limits)",
            [
                "podMetricsEndpoints": endpoint("portNumber"), "selector": selector,
                "namespaceSelector": namespaces, "attachMetadata": attachMetadata,
            ]))
    private static let probe = FieldTree.object(
        spec: .fields(
            "jobName module interval scrapeTimeout followRedirects enableHttp2 \(limits)",
            [
                "metricRelabelings": relabeling, "authorization": authorization, "basicAuth": basicAuth,
                "oauth2": oauth2, "bearerTokenSecret": secretKey, "tlsConfig": safeTLS,
                "params": .fields("name values"),
                "prober": .fields("url scheme path \(proxy)", ["proxyConnectHeader": proxyHeader]),
                "targets": .fields(
                    "",
                    [
                        "staticConfig": .fields("static", ["labels": .map(.any), "relabelingConfigs": relabeling]),
                        "ingress": .fields(
                            "",
                            [
                                "selector": selector, "namespaceSelector": namespaces,
                                "relabelingConfigs": relabeling,
                            ]),
                    ]),
            ]))
    private static let scrapeConfig = FieldTree.object(
        spec: .fields(
            """
            jobName metricsPath scrapeInterval scrapeTimeout honorTimestamps trackTimestampsStaleness honorLabels \
            params scheme enableCompression enableHTTP2 bodySizeLimit nameValidationScheme nameEscapingScheme \
            \(limits) \(proxy)
            """,
            discoveryTrees.merging(connection) { $1 }.merging([
                "relabelings": relabeling, "metricRelabelings": relabeling, "authorization": authorization,
                "basicAuth": basicAuth, "oauth2": oauth2,
            ]) { $1 }))
    private static let prometheusRule = FieldTree.object(
        spec: .fields(
            "",
            [
                "groups": .fields(
                    "name interval query_offset limit partial_response_strategy",
                    [
                        "labels": .map(.any),
                        "rules": .fields(
                            "record alert expr for keep_firing_for",
                            ["labels": .map(.any), "annotations": .map(.any)]),
                    ])
            ]))
}
