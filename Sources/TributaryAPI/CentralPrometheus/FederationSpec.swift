import Kube

/// A Prometheus server whose series are pulled from its `/federate`.
public struct FederationSpec: Sendable, Hashable, Codable {
    /// The name of the job, unique among federate.
    public var name: String
    /// The address of the server, without /federate.
    public var url: String
    /// The series to pull, as series selectors such as {job!=""}.
    public var match: [String]
    /// Labels to add to every series that is pulled, such as its cluster and its tenant.
    public var labels: [String: String]?
    /// The tenant that the server belongs to.
    public var tenantRef: LocalReference?
    /// The interval between pulls.
    public var scrapeInterval: String?
    /// The timeout of a pull.
    public var scrapeTimeout: String?
    /// HTTP basic authentication.
    public var basicAuth: BasicAuthSpec?
    /// The Authorization header.
    public var authorization: SafeAuthorizationSpec?
    /// The TLS settings of the connection to the server.
    public var tlsConfig: SafeTLSConfig?

    static let rules: [CheckedRule<FederationSpec>] = [
        .atMostOne(of: [.init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil }])
    ]

    static let schema = Schema.object(
        [
            "name": .text(
                "The name of the job, unique among federate.", pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"),
            "url": .url("The address of the server, without /federate."),
            "match": .list(
                of: .text("A selector.", max: 2048), max: 64,
                """
                The series to pull, as series selectors such as {job!=""}. At least one is required. Prefer few \
                selectors that match few series: each pull carries all matching series.
                """
            ).with { $0.minItems = 1 },
            "labels": .strings("Labels to add to every series that is pulled, such as its cluster and its tenant."),
            "tenantRef": LocalReference.schema(
                """
                The tenant that the server belongs to. Every series that is pulled gets the label of this tenant, \
                whatever label it has.
                """, name: "The name of the Tenant, in the namespace of the GlobalView."),
            "scrapeInterval": .duration("The interval between pulls. Defaults to 30s."),
            "scrapeTimeout": .duration(
                "The timeout of a pull. Defaults to 10s, or to scrapeInterval if that is shorter."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": SafeAuthorizationSpec.schema,
            "tlsConfig": SafeTLSConfig.schema("The TLS settings of the connection to the server."),
        ], required: ["name", "url", "match"], description: "A Prometheus server whose series are pulled."
    ).with(rules: rules)
}
