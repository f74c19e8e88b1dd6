import Kube

/// A central Prometheus that receives what agents remote-write.
public struct PrometheusSpec: Sendable, Hashable, Codable {
    public var version: String?
    public var image: String?
    public var replicas: Int?
    public var retention: String?
    public var storage: StorageSpec?
    public var resources: ResourceRequirements?
    public var federate: [FederationSpec]?
    public var remoteRead: [RemoteReadSpec]?

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        for (index, spoke) in (federate ?? []).enumerated() {
            let path = path.appending("federate").appending(index)
            errors.check(spoke, FederationSpec.rules, at: path)
            spoke.tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        }
        for (index, spoke) in (remoteRead ?? []).enumerated() {
            let path = path.appending("remoteRead").appending(index)
            errors.check(spoke, RemoteReadSpec.rules, at: path)
            spoke.tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        }
    }

    static let schema = Schema.object(
        [
            "version": .version("Prometheus's version. Defaults to v3.5.0."),
            "image": .image(
                "Prometheus's image. Defaults to quay.io/prometheus/prometheus with the version as its tag."),
            "replicas": .count(
                """
                How many Prometheus pods run. Each holds what it was sent itself, so more than one is for agents that \
                write to each of them. Defaults to 1.
                """, from: 1, to: 10),
            "retention": .duration("How long series are kept. Defaults to 15d."),
            "storage": StorageSpec.schema(
                "The volume for the series. Defaults to none: an emptyDir, which is lost with its pod."),
            "resources": ResourceRequirements.schema(
                "What the pods ask for. Defaults to requests of 100m CPU and 512Mi memory, without limits."),
            "federate": .list(
                of: FederationSpec.schema, by: "name", max: 100,
                "Prometheus servers that cannot push: their series are pulled from /federate."),
            "remoteRead": .list(
                of: RemoteReadSpec.schema, by: "name", max: 100,
                "Prometheus servers and stores that are asked when a query comes, and not stored here."),
        ], description: "A central Prometheus, run with its remote-write receiver on.")
}

/// A Prometheus server whose series are pulled from its `/federate`.
public struct FederationSpec: Sendable, Hashable, Codable {
    public var name: String
    public var url: String
    public var match: [String]
    public var labels: [String: String]?
    public var scrapeInterval: String?
    public var scrapeTimeout: String?
    public var basicAuth: BasicAuth?
    public var authorization: SafeAuthorization?
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
            "basicAuth": BasicAuth.schema,
            "authorization": SafeAuthorization.schema,
            "tlsConfig": SafeTLSConfig.schema("How to speak TLS with the server."),
        ], required: ["name", "url", "match"], description: "A Prometheus server whose series are pulled."
    ).with(rules: rules)
}

/// A Prometheus server or a store that is asked when a query comes.
public struct RemoteReadSpec: Sendable, Hashable, Codable {
    public var name: String
    public var url: String
    public var requiredMatchers: [String: String]?
    public var readRecent: Bool?
    public var remoteTimeout: String?
    public var headers: [String: String]?
    public var basicAuth: BasicAuth?
    public var authorization: SafeAuthorization?
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
            "basicAuth": BasicAuth.schema,
            "authorization": SafeAuthorization.schema,
            "tlsConfig": SafeTLSConfig.schema("How to speak TLS with the server."),
        ], required: ["name", "url"], description: "A server that is asked when a query comes."
    ).with(rules: rules)
}
