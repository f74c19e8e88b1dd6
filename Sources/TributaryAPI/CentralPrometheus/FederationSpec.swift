import Kube

/// A Prometheus server whose series are pulled from its `/federate`.
public struct FederationSpec: Sendable, Hashable, Codable {
    public var name: String
    public var url: String
    public var match: [String]
    public var labels: [String: String]?
    public var scrapeInterval: String?
    public var scrapeTimeout: String?
    public var basicAuth: BasicAuthSpec?
    public var authorization: SafeAuthorizationSpec?
    public var tlsConfig: SafeTLSConfig?

    static let rules: [CheckedRule<FederationSpec>] = [
        .atMostOne(of: [.init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil }])
    ]

    static let schema = Schema.object(
        [
            "name": .text(
                "The job's name, unique among federate.", pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"),
            "url": .url("The server's address; /federate is appended."),
            "match": .list(
                of: .text("A selector.", max: 2048), max: 64,
                """
                Which series are pulled, as series selectors such as {job!=""}; at least one. Prefer few: each pull \
                carries all of them.
                """
            ).with { $0.minItems = 1 },
            "labels": .strings("Labels to add to every series that is pulled, such as its cluster and its tenant."),
            "scrapeInterval": .duration("How often to pull. Defaults to 30s."),
            "scrapeTimeout": .duration("How long a pull may take. Defaults to 10s, or scrapeInterval if that is less."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": SafeAuthorizationSpec.schema,
            "tlsConfig": SafeTLSConfig.schema("How to speak TLS with the server."),
        ], required: ["name", "url", "match"], description: "A Prometheus server whose series are pulled."
    ).with(rules: rules)
}
