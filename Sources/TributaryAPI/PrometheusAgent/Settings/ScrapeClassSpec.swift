import Kube

/// Settings that monitors select by name or get by default: prometheus-operator's ScrapeClass.
public struct ScrapeClassSpec: Sendable, Hashable, Codable {
    /// The name by which monitors select the class.
    public var name: String
    /// Whether the class applies to monitors that select none.
    public var `default`: Bool?
    /// The format of responses whose Content-Type is missing or unknown.
    public var fallbackScrapeProtocol: String?
    /// The TLS settings of connections to targets.
    public var tlsConfig: TLSConfig?
    /// The Authorization header.
    public var authorization: AuthorizationSpec?
    /// Relabeling rules for targets, applied before those of the monitor.
    public var relabelings: [RelabelConfigSpec]?
    /// Relabeling rules for scraped samples, applied before those of the monitor.
    public var metricRelabelings: [RelabelConfigSpec]?
    /// Metadata of other objects to attach to targets that Kubernetes service discovery finds.
    public var attachMetadata: AttachMetadata?

    /// The exposition formats, as Prometheus names them.
    static let protocols = [
        "PrometheusProto", "OpenMetricsText0.0.1", "OpenMetricsText1.0.0", "PrometheusText0.0.4", "PrometheusText1.0.0",
    ]

    static let schema = Schema.object(
        [
            "name": .text("The name by which monitors select the class.", max: 253),
            "default": .boolean("Whether the class applies to monitors that select none. Defaults to false."),
            "fallbackScrapeProtocol": .choice(
                "The format of responses whose Content-Type is missing or unknown. Requires Prometheus >= 3.0.",
                protocols),
            "tlsConfig": TLSConfig.schema(
                "The TLS settings of connections to targets. Secrets are those in the namespace of the agent."),
            "authorization": AuthorizationSpec.schema,
            "relabelings": .list(
                of: RelabelConfigSpec.schema, max: 50,
                "Relabeling rules for targets, applied before those of the monitor."),
            "metricRelabelings": .list(
                of: RelabelConfigSpec.schema, max: 50,
                "Relabeling rules for scraped samples, applied before those of the monitor."),
            "attachMetadata": AttachMetadata.schema,
        ], required: ["name"],
        description: "Settings that monitors select by the name of the class. Settings of the monitor take precedence.")

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
        errors.check(authorization, AuthorizationSpec.rules, at: path.appending("authorization"))
        for (name, rules) in [("relabelings", relabelings), ("metricRelabelings", metricRelabelings)] {
            for (index, rule) in (rules ?? []).enumerated() {
                errors.check(rule, RelabelConfigSpec.rules, at: path.appending(name).appending(index))
            }
        }
    }
}

/// Metadata of other objects to attach to targets: prometheus-operator's AttachMetadata.
public struct AttachMetadata: Sendable, Hashable, Codable {
    /// Whether to attach node metadata to targets.
    public var node: Bool?

    static let schema = Schema.object(
        [
            "node": .boolean(
                """
                Whether to attach node metadata to targets. The agent needs the permission to watch nodes. \
                Defaults to false.
                """)
        ], description: "Metadata of other objects to attach to targets that Kubernetes service discovery finds.")
}
