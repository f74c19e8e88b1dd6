import Kube

/// Prometheus's own web server, as prometheus-operator's `web` has it.
public struct AgentWebSpec: Sendable, Hashable, Codable {
    public var pageTitle: String?
    public var maxConnections: Int?
    public var tlsConfig: WebTLSConfig?
    public var httpConfig: WebHTTPConfig?

    static let schema = Schema.object(
        [
            "pageTitle": .text("The title of its pages.", max: 256),
            "maxConnections": .count("How many connections it takes at once. Defaults to Prometheus's own, 512."),
            "tlsConfig": WebTLSConfig.schema,
            "httpConfig": WebHTTPConfig.schema,
        ], description: "Prometheus's own web server.")
}
