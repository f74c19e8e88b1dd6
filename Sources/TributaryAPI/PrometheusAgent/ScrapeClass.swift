import Kube

/// Settings that monitors take on by a name, or all of them by default: prometheus-operator's ScrapeClass.
public struct ScrapeClass: Sendable, Hashable, Codable {
    public var name: String
    public var `default`: Bool?
    public var fallbackScrapeProtocol: String?
    public var tlsConfig: ScrapeClassTLS?
    public var authorization: ScrapeClassAuthorization?
    public var relabelings: [RelabelConfig]?
    public var metricRelabelings: [RelabelConfig]?
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
            "tlsConfig": ScrapeClassTLS.schema,
            "authorization": ScrapeClassAuthorization.schema,
            "relabelings": .list(
                of: RelabelConfig.schema, max: 50, "Rules for targets, before those of the monitor."),
            "metricRelabelings": .list(
                of: RelabelConfig.schema, max: 50, "Rules for what was scraped, before those of the monitor."),
            "attachMetadata": AttachMetadata.schema,
        ], required: ["name"],
        description: "Settings that monitors take on by the class's name; where a monitor has its own, these stand.")

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        errors.check(authorization, ScrapeClassAuthorization.rules, at: path.appending("authorization"))
        for (name, rules) in [("relabelings", relabelings), ("metricRelabelings", metricRelabelings)] {
            for (index, rule) in (rules ?? []).enumerated() {
                errors.check(rule, RelabelConfig.rules, at: path.appending(name).appending(index))
            }
        }
    }
}

/// How a scrape class's targets are spoken TLS with: by values of Secrets and ConfigMaps, or by files of the pod.
public struct ScrapeClassTLS: Sendable, Hashable, Codable {
    public var ca: SecretOrConfigMap?
    public var caFile: String?
    public var cert: SecretOrConfigMap?
    public var certFile: String?
    public var keySecret: KeySelector?
    public var keyFile: String?
    public var serverName: String?
    public var insecureSkipVerify: Bool?
    public var minVersion: String?
    public var maxVersion: String?

    static let rules: [CheckedRule<ScrapeClassTLS>] = [
        CheckedRule(
            "(has(self.cert) || has(self.certFile)) == (has(self.keySecret) || has(self.keyFile))",
            "should have both a certificate and its key or none: they belong together"
        ) { ($0.cert == nil && $0.certFile == nil) == ($0.keySecret == nil && $0.keyFile == nil) },
        CheckedRule(
            """
            !(has(self.ca) && has(self.caFile)) && !(has(self.cert) && has(self.certFile)) && \
            !(has(self.keySecret) && has(self.keyFile))
            """,
            "should have each of them either by reference or as a file, not both"
        ) {
            !($0.ca != nil && $0.caFile != nil) && !($0.cert != nil && $0.certFile != nil)
                && !($0.keySecret != nil && $0.keyFile != nil)
        },
    ]

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(ca, SecretOrConfigMap.rules, at: path.appending("ca"))
        errors.check(cert, SecretOrConfigMap.rules, at: path.appending("cert"))
    }

    static let schema: Schema = {
        var schema = TLSConfig.schema("How to speak TLS with targets; names Secrets of the agent's own namespace.")
        func path(_ description: String) -> Schema { .text(description, max: 4096) }
        schema.properties["caFile"] = path("The file in the pod with the certificate authorities to trust.")
        schema.properties["certFile"] = path("The file in the pod with the client's certificate.")
        schema.properties["keyFile"] = path("The file in the pod with the client's key.")
        schema.rules = []
        return schema.with(rules: rules)
    }()
}

/// The `Authorization` header that a scrape class's targets are sent.
public struct ScrapeClassAuthorization: Sendable, Hashable, Codable {
    public var type: String?
    public var credentials: KeySelector?
    public var credentialsFile: String?

    static let rules: [CheckedRule<ScrapeClassAuthorization>] = [
        .atMostOne(of: [
            .init("credentials") { $0.credentials != nil }, .init("credentialsFile") { $0.credentialsFile != nil },
        ])
    ]

    static let schema = Schema.object(
        [
            "type": .text("The scheme; Basic is none. Defaults to Bearer.", max: 64, pattern: "^[A-Za-z0-9-]+$"),
            "credentials": KeySelector.schema("The Secret of the agent's own namespace with the credentials."),
            "credentialsFile": .text("The file in the pod with the credentials.", max: 4096),
        ], description: "The Authorization header that targets are sent."
    ).with(rules: rules)
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

/// Monitors that enforcement passes over: prometheus-operator's ObjectReference.
public struct EnforcementExclusion: Sendable, Hashable, Codable {
    public var group: String?
    public var resource: String
    public var namespace: String
    public var name: String?

    static let schema = Schema.object(
        [
            "group": .choice("The API group. Defaults to monitoring.coreos.com.", ["monitoring.coreos.com"]),
            "resource": .choice(
                "The kind, in the plural.", ["podmonitors", "servicemonitors", "probes", "scrapeconfigs"]),
            "namespace": .namespaceName("The namespace."),
            "name": .objectName("The name. Defaults to all of the namespace."),
        ], required: ["resource", "namespace"], description: "A monitor, or all of a kind in a namespace.")
}

/// Whether monitors may name files of the agent's pod: prometheus-operator's ArbitraryFSAccessThroughSMsConfig.
public struct ArbitraryFSAccess: Sendable, Hashable, Codable {
    public var deny: Bool?

    static let schema = Schema.object(
        ["deny": .boolean("Refuses monitors that name files of the agent's pod. Defaults to false.")],
        description: """
            Whether monitors may name files of the agent's pod, such as a token that others should not have sent to \
            their targets.
            """)
}
