import Kube

/// A remote-read endpoint: a Prometheus server or another store that is read at query time.
public struct RemoteReadSpec: Sendable, Hashable, Codable {
    /// The name of the endpoint in metrics, unique among remoteRead.
    public var name: String
    /// The URL of the remote-read endpoint, including the path: /api/v1/read on Prometheus.
    public var url: String
    /// Matchers that a query must contain for Prometheus to send it to the endpoint.
    public var requiredMatchers: [String: String]?
    /// Whether to send queries for time ranges that are stored locally as well.
    public var readRecent: Bool?
    /// The timeout of a request.
    public var remoteTimeout: String?
    /// Headers to send with each request.
    public var headers: [String: String]?
    /// HTTP basic authentication.
    public var basicAuth: BasicAuthSpec?
    /// The Authorization header.
    public var authorization: SafeAuthorizationSpec?
    /// The TLS settings of the connection to the server.
    public var tlsConfig: SafeTLSConfig?

    static let rules: [CheckedRule<RemoteReadSpec>] = [
        .atMostOne(of: [.init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil }])
    ]

    static let schema = Schema.object(
        [
            "name": .text("The name of the endpoint in metrics, unique among remoteRead."),
            "url": .url("The URL of the remote-read endpoint, including the path: /api/v1/read on Prometheus."),
            "requiredMatchers": .strings(
                "Matchers that a query must contain for Prometheus to send it to the endpoint."),
            "readRecent": .boolean(
                "Whether to send queries for time ranges that are stored locally as well. Defaults to true."),
            "remoteTimeout": .duration("The timeout of a request. Defaults to 1m."),
            "headers": .strings("Headers to send with each request."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": SafeAuthorizationSpec.schema,
            "tlsConfig": SafeTLSConfig.schema("The TLS settings of the connection to the server."),
        ], required: ["name", "url"], description: "A remote-read endpoint."
    ).with(rules: rules)
}
