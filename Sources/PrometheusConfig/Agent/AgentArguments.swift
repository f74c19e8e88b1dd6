/// The command line of a Prometheus in agent mode.
public struct AgentArguments: Sendable, Hashable {
    /// The configuration file.
    public var configFile = "/etc/prometheus/prometheus.yaml"
    /// The folder of the write-ahead log.
    public var storagePath = "/prometheus"
    /// The file with the web server's TLS and passwords; nil serves plain HTTP.
    public var webConfigFile: String?
    /// Where the web server listens; nil is Prometheus's `0.0.0.0:9090`.
    public var listenAddress: String?
    /// The path under which the web server answers; nil is `/`.
    public var routePrefix: String?
    /// The URL under which people reach it; nil derives it.
    public var externalURL: String?
    /// Whether `/-/reload` and `/-/quit` answer.
    public var enablesLifecycle = true
    /// Whether the configuration file is read again when it changes, without a side-car; Prometheus 3.0 and later.
    public var reloadsAutomatically = false
    /// Whether the write-ahead log is compressed; nil is Prometheus's default.
    public var compressesWAL: Bool?
    /// The level of log lines; nil is `info`.
    public var logLevel: String?
    /// The format of log lines, `logfmt` or `json`; nil is `logfmt`.
    public var logFormat: String?
    /// Whether metrics are taken in by OTLP; Prometheus 2.47 and later.
    public var receivesOTLP = false
    /// More features to enable, by name.
    public var features: [String] = []
    /// More arguments, put last.
    public var additional: [String] = []

    /// The defaults: no side-car needed, everything else as Prometheus has it.
    public init() {}

    /// The arguments for a version of Prometheus and its configuration.
    public func list(for version: PrometheusVersion, _ configuration: AgentConfiguration) -> [String] {
        let isThree = version.major >= 3
        var features = self.features.filter { isThree ? !Self.onInThree.contains($0) : true }
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

    /// Features of version 2 that version 3 has without asking, and does not know by name.
    private static let onInThree: Set<String> = ["agent", "expand-external-labels", "otlp-write-receiver"]

    /// Whether Prometheus expands `${NAME}` in external labels: version 3 always does, version 2 where it is told to,
    /// which it is only where a label needs it.
    static func expandsExternalLabels(_ configuration: AgentConfiguration, for version: PrometheusVersion) -> Bool {
        version.major >= 3
            || configuration.externalLabels.values.contains { if case .environment = $0 { true } else { false } }
    }
}
