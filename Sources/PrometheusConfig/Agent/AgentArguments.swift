/// The command line arguments of a Prometheus in agent mode.
public struct AgentArguments: Sendable, Hashable {
    /// The configuration file.
    public var configFile = "/etc/prometheus/prometheus.yaml"
    /// The folder of the write-ahead log.
    public var storagePath = "/prometheus"
    /// The file with the TLS settings and passwords of the web server; nil for plain HTTP.
    public var webConfigFile: String?
    /// The address on which the web server listens; nil for the default, `0.0.0.0:9090`.
    public var listenAddress: String?
    /// The path prefix of the web server; nil for `/`.
    public var routePrefix: String?
    /// The URL by which users reach the web server; nil to derive it.
    public var externalURL: String?
    /// Whether `/-/reload` and `/-/quit` are enabled.
    public var enablesLifecycle = true
    /// Whether Prometheus reloads the configuration file when it changes; Prometheus 3.0 and later.
    public var reloadsAutomatically = false
    /// Whether the write-ahead log is compressed; nil for the default of Prometheus.
    public var compressesWAL: Bool?
    /// The log level; nil for `info`.
    public var logLevel: String?
    /// The log format, `logfmt` or `json`; nil for `logfmt`.
    public var logFormat: String?
    /// Whether Prometheus receives metrics by OTLP; Prometheus 2.47 and later.
    public var receivesOTLP = false
    /// The names of further features to enable.
    public var features: [String] = []
    /// Further arguments, which come last.
    public var additional: [String] = []

    /// Creates arguments with defaults only.
    public init() {}

    /// The arguments for a version of Prometheus and for its configuration.
    public func list(for version: PrometheusVersion, _ configuration: AgentConfiguration) -> [String] {
        let isThree = version.major >= 3
        var features = self.features.filter { isThree ? !Self.alwaysEnabled.contains($0) : true }
        if !isThree {
            features.insert("agent", at: 0)
            if receivesOTLP, version >= PrometheusVersion(2, 47) { features.append("otlp-write-receiver") }
            if Self.expandsExternalLabels(configuration, for: version) { features.append("expand-external-labels") }
        } else if reloadsAutomatically {
            features.append("auto-reload-config")
        }
        var seen: Set<String> = []
        features = features.filter { seen.insert($0).inserted }

        var arguments = ["--config.file=\(configFile)"]
        if isThree { arguments.append("--agent") }
        if !features.isEmpty { arguments.append("--enable-feature=\(features.joined(separator: ","))") }
        arguments.append("--storage.agent.path=\(storagePath)")
        if let compressesWAL { arguments.append("--\(compressesWAL ? "" : "no-")storage.agent.wal-compression") }
        let intervalFlag = "--config.auto-reload-interval"
        if reloadsAutomatically, version.takesReloadInterval,
            !additional.contains(where: { $0.hasPrefix(intervalFlag) })
        {
            arguments.append("\(intervalFlag)=\(Self.reloadInterval)")
        }
        if enablesLifecycle { arguments.append("--web.enable-lifecycle") }
        if receivesOTLP, isThree { arguments.append("--web.enable-otlp-receiver") }
        if let listenAddress { arguments.append("--web.listen-address=\(listenAddress)") }
        if let webConfigFile { arguments.append("--web.config.file=\(webConfigFile)") }
        if let routePrefix { arguments.append("--web.route-prefix=\(routePrefix)") }
        if let externalURL { arguments.append("--web.external-url=\(externalURL)") }
        if let logLevel { arguments.append("--log.level=\(logLevel)") }
        if let logFormat { arguments.append("--log.format=\(logFormat)") }
        return arguments + additional
    }

    /// How often Prometheus looks for a changed configuration: soon after the kubelet has written it. The default is 30s.
    public static let reloadInterval = "3s"

    /// Features of version 2 that are always enabled in version 3, which does not know their names.
    private static let alwaysEnabled: Set<String> = ["agent", "expand-external-labels", "otlp-write-receiver"]

    /// Whether Prometheus expands `${NAME}` in external labels.
    ///
    /// Version 3 always does. Version 2 has a feature flag for it, which is set only if a label needs it.
    static func expandsExternalLabels(_ configuration: AgentConfiguration, for version: PrometheusVersion) -> Bool {
        version.major >= 3
            || configuration.externalLabels.values.contains { if case .environment = $0 { true } else { false } }
    }
}
