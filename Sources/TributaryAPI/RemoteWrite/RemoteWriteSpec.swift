import Kube

/// Where an agent sends what it scrapes, and how; field names are prometheus-operator's.
public struct RemoteWriteSpec: Sendable, Hashable, Codable, ProxySettings {
    public var name: String?
    public var url: String?
    public var remoteTimeout: String?
    public var headers: [String: String]?
    public var writeRelabelConfigs: [RelabelConfigSpec]?
    public var basicAuth: BasicAuthSpec?
    public var authorization: AuthorizationSpec?
    public var oauth2: OAuth2?
    public var sigv4: Sigv4?
    public var azureAd: AzureAD?
    public var bearerToken: String?
    public var bearerTokenFile: String?
    public var tlsConfig: TLSConfig?
    public var proxyUrl: String?
    public var noProxy: String?
    public var proxyFromEnvironment: Bool?
    public var proxyConnectHeader: [String: [KeySelector]]?
    public var queueConfig: QueueConfig?
    public var metadataConfig: MetadataConfig?
    public var sendExemplars: Bool?
    public var sendNativeHistograms: Bool?
    public var messageVersion: String?
    public var followRedirects: Bool?
    public var enableHTTP2: Bool?
    public var roundRobinDNS: Bool?

    /// The headers that Prometheus sets itself and refuses to have set (`config.go`, validateHeaders).
    static let reservedHeaders = [
        "authorization", "host", "content-encoding", "content-length", "content-type", "user-agent", "connection",
        "keep-alive", "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding",
        "x-prometheus-remote-write-version", "x-prometheus-remote-read-version", "x-amz-date", "x-amz-security-token",
        "x-amz-content-sha256",
    ]

    private static let isReserved =
        "k.lowerAscii() in [\(reservedHeaders.map { "'\($0)'" }.joined(separator: ", "))]"

    private var ownReservedHeaders: [String] {
        (headers ?? [:]).keys.filter { Self.reservedHeaders.contains($0.lowercased()) }.sorted()
    }

    static let rules: [CheckedRule<RemoteWriteSpec>] = [
        .atMostOne(of: [
            .init("basicAuth") { $0.basicAuth != nil }, .init("authorization") { $0.authorization != nil },
            .init("oauth2") { $0.oauth2 != nil }, .init("sigv4") { $0.sigv4 != nil },
            .init("azureAd") { $0.azureAd != nil },
        ]),
        CheckedRule(
            """
            [has(self.bearerToken), has(self.bearerTokenFile), has(self.basicAuth) || has(self.authorization) || \
            has(self.oauth2) || has(self.sigv4) || has(self.azureAd)].filter(x, x).size() <= 1
            """, "should have no other way to authenticate beside \"bearerToken\" and \"bearerTokenFile\""
        ) { write in
            let others: [Any?] = [write.basicAuth, write.authorization, write.oauth2, write.sigv4, write.azureAd]
            let ways = [
                write.bearerToken != nil, write.bearerTokenFile != nil, others.contains { $0 != nil },
            ]
            return ways.count { $0 } <= 1
        },
        CheckedRule(
            "!has(self.headers) || !self.headers.exists(k, \(isReserved))",
            "should have none that Prometheus sets itself, such as Content-Type; credentials have fields of their own",
            at: "headers"
        ) { $0.ownReservedHeaders.isEmpty },
    ]

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(self, ProxyRules<RemoteWriteSpec>.all, at: path)
        errors.check(authorization, AuthorizationSpec.rules, at: path.appending("authorization"))
        oauth2?.validate(at: path.appending("oauth2"), &errors)
        errors.check(sigv4, Sigv4.rules, at: path.appending("sigv4"))
        errors.check(azureAd, AzureAD.rules, at: path.appending("azureAd"))
        tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        for (index, relabeling) in (writeRelabelConfigs ?? []).enumerated() {
            let path = path.appending("writeRelabelConfigs").appending(index)
            errors.check(relabeling, RelabelConfigSpec.rules, at: path)
        }
        errors.check(queueConfig, QueueConfig.rules, at: path.appending("queueConfig"))
    }

    static let schema = Schema.object(
        [
            "name": .text(
                """
                The name in metrics, unique among remoteWrite. What tenantRef gives is named tenant: an entry of that \
                name is merged with it, its own fields standing before what tenantRef gives.
                """, max: 330),
            "url": .url("The address, path included. Required but for the entry that tenantRef completes."),
            "remoteTimeout": .duration("How long a request may take. Defaults to 30s."),
            "headers": .strings(
                "Headers to send with each request; no credentials, which have fields of their own.", max: 32),
            "writeRelabelConfigs": .list(
                of: RelabelConfigSpec.schema, max: 100,
                "What is done to series before they are sent, in order: keep and drop send less."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": AuthorizationSpec.schema,
            "oauth2": OAuth2.schema,
            "sigv4": Sigv4.schema,
            "azureAd": AzureAD.schema,
            "bearerToken": .text(
                "A token in plain sight of all who may read this object; authorization keeps it in a Secret.",
                max: 8192),
            "bearerTokenFile": .filePath("The file with a token; authorization has one from a Secret."),
            "tlsConfig": TLSConfig.schema("How to speak TLS with the receiver."),
            "queueConfig": QueueConfig.schema,
            "metadataConfig": MetadataConfig.schema,
            "sendExemplars": .boolean("Whether exemplars are sent. Defaults to false."),
            "sendNativeHistograms": .boolean("Whether native histograms are sent. Defaults to false."),
            "messageVersion": .choice(
                "The version of the remote-write message. Defaults to V1.0, which every receiver takes.",
                ["V1.0", "V2.0"]),
            "followRedirects": .boolean("Whether redirects are followed. Defaults to true."),
            "enableHTTP2": .boolean("Whether HTTP/2 is used. Defaults to false."),
            "roundRobinDNS": .boolean(
                "Whether connections go to any of the host's addresses, at random. Defaults to false. Prometheus 3.1."),
        ], and: proxySchemas("the receiver"), description: "Where the agent sends what it scrapes, and how."
    ).with(rules: rules).with(rules: ProxyRules<RemoteWriteSpec>.all)
}

extension RemoteWriteSpec {
    /// A remote write of which only the name is said.
    public init(name: String) { self.name = name }
}
