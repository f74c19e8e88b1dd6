import Kube

/// A Prometheus server or a store that is asked when a query comes.
public struct RemoteReadSpec: Sendable, Hashable, Codable {
    public var name: String
    public var url: String
    public var requiredMatchers: [String: String]?
    public var readRecent: Bool?
    public var remoteTimeout: String?
    public var headers: [String: String]?
    public var basicAuth: BasicAuthSpec?
    public var authorization: SafeAuthorizationSpec?
    public var tlsConfig: SafeTLSConfig?

    static let rules: [CheckedRule<RemoteReadSpec>] = [
        .atMostOne(of: [.init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil }])
    ]

    static let schema = Schema.object(
        [
            "name": .text("The name in metrics, unique among remoteRead."),
            "url": .url("The address of the remote-read endpoint, path included: /api/v1/read on Prometheus."),
            "requiredMatchers": .strings("Labels that a query must select by to be sent there."),
            "readRecent": .boolean(
                "Whether queries for time ranges that are stored here are sent as well. Defaults to true."),
            "remoteTimeout": .duration("How long a request may take. Defaults to 1m."),
            "headers": .strings("Headers to send with each request."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": SafeAuthorizationSpec.schema,
            "tlsConfig": SafeTLSConfig.schema("How to speak TLS with the server."),
        ], required: ["name", "url"], description: "A server that is asked when a query comes."
    ).with(rules: rules)
}
