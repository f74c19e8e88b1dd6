import Kube

/// Settings that monitors take on by a name, or all of them by default: prometheus-operator's ScrapeClass.
public struct ScrapeClassSpec: Sendable, Hashable, Codable {
    public var name: String
    public var `default`: Bool?
    public var fallbackScrapeProtocol: String?
    public var tlsConfig: TLSConfig?
    public var authorization: AuthorizationSpec?
    public var relabelings: [RelabelConfigSpec]?
    public var metricRelabelings: [RelabelConfigSpec]?
    public var attachMetadata: AttachMetadata?

    /// The formats in which targets offer their metrics, by Prometheus's names for them.
    static let protocols = [
        "PrometheusProto", "OpenMetricsText0.0.1", "OpenMetricsText1.0.0", "PrometheusText0.0.4", "PrometheusText1.0.0",
    ]

    static let schema = Schema.object(
        [
            "name": .text("The name by which monitors choose the class.", max: 253),
            "default": .boolean("Whether monitors that name no class are of this one. Defaults to false."),
            "fallbackScrapeProtocol": .choice(
                "How a response is read whose Content-Type says nothing that is known. Prometheus 3 and later.",
                protocols),
            "tlsConfig": TLSConfig.schema(
                "How to speak TLS with targets; names Secrets of the agent's own namespace."),
            "authorization": AuthorizationSpec.schema,
            "relabelings": .list(
                of: RelabelConfigSpec.schema, max: 50, "Rules for targets, before those of the monitor."),
            "metricRelabelings": .list(
                of: RelabelConfigSpec.schema, max: 50, "Rules for what was scraped, before those of the monitor."),
            "attachMetadata": AttachMetadata.schema,
        ], required: ["name"],
        description: "Settings that monitors take on by the class's name; where a monitor has its own, these stand.")

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        errors.check(authorization, AuthorizationSpec.rules, at: path.appending("authorization"))
        for (name, rules) in [("relabelings", relabelings), ("metricRelabelings", metricRelabelings)] {
            for (index, rule) in (rules ?? []).enumerated() {
                errors.check(rule, RelabelConfigSpec.rules, at: path.appending(name).appending(index))
            }
        }
    }
}

/// What Kubernetes discovery adds to targets from other objects.
public struct AttachMetadata: Sendable, Hashable, Codable {
    public var node: Bool?

    static let schema = Schema.object(
        [
            "node": .boolean(
                "Whether targets carry the labels of their nodes, which needs leave to read nodes. Defaults to false.")
        ], description: "What Kubernetes discovery adds to targets from other objects.")
}
