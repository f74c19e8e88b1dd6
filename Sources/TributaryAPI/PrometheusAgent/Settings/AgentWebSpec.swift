import Kube

/// The web server of Prometheus: prometheus-operator's PrometheusWebSpec.
public struct AgentWebSpec: Sendable, Hashable, Codable {
    /// The title of the web pages.
    public var pageTitle: String?
    /// The maximum number of simultaneous connections.
    public var maxConnections: Int?
    /// Serves HTTPS.
    public var tlsConfig: WebTLSConfig?
    /// HTTP settings of the web server.
    public var httpConfig: WebHTTPConfig?

    static let schema = Schema.object(
        [
            "pageTitle": .text("The title of the web pages.", max: 256),
            "maxConnections": .count(
                "The maximum number of simultaneous connections. Defaults to 512, as in Prometheus."),
            "tlsConfig": WebTLSConfig.schema,
            "httpConfig": WebHTTPConfig.schema,
        ], description: "The web server of Prometheus.")
}
