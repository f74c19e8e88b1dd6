import Kube

/// An endpoint to which an agent sends samples: prometheus-operator's RemoteWriteSpec.
public struct RemoteWriteSpec: Sendable, Hashable, Codable, ProxySettings {
    /// The name of the endpoint in metrics, unique among remoteWrite.
    public var name: String?
    /// The URL of the endpoint, including the path.
    public var url: String?
    /// The timeout of a request.
    public var remoteTimeout: String?
    /// Headers to send with each request.
    public var headers: [String: String]?
    /// Relabeling rules to apply to series before they are sent, in order.
    public var writeRelabelConfigs: [RelabelConfigSpec]?
    /// HTTP basic authentication.
    public var basicAuth: BasicAuthSpec?
    /// The Authorization header.
    public var authorization: AuthorizationSpec?
    /// OAuth 2.0 with client credentials: prometheus-operator's OAuth2.
    public var oauth2: OAuth2?
    /// AWS Signature Version 4.
    public var sigv4: Sigv4?
    /// Authentication with Microsoft Entra ID.
    public var azureAd: AzureAD?
    /// A token in plain text, readable by everyone who can read this object.
    public var bearerToken: String?
    /// The path of a file with a token in the container.
    public var bearerTokenFile: String?
    /// The TLS settings of the connection to the receiver.
    public var tlsConfig: TLSConfig?
    /// The URL of the proxy through which to connect.
    public var proxyUrl: String?
    /// Comma-separated hosts, addresses and networks to connect to without the proxy.
    public var noProxy: String?
    /// Whether to take the proxy from the environment of the container.
    public var proxyFromEnvironment: Bool?
    /// Headers to send to the proxy in CONNECT requests.
    public var proxyConnectHeader: [String: [KeySelector]]?
    /// The queue of samples to send.
    public var queueConfig: QueueConfig?
    /// Whether and how to send the type, unit and help text of metrics.
    public var metadataConfig: MetadataConfig?
    /// Whether to send exemplars.
    public var sendExemplars: Bool?
    /// Whether to send native histograms.
    public var sendNativeHistograms: Bool?
    /// The version of the remote-write protocol.
    public var messageVersion: String?
    /// Whether to follow redirects.
    public var followRedirects: Bool?
    /// Whether to use HTTP/2.
    public var enableHTTP2: Bool?
    /// Whether to connect to a random address of the host, rather than to the first that answers.
    public var roundRobinDNS: Bool?

    /// The headers that Prometheus sets itself and refuses in its configuration (`config.go`, validateHeaders).
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
            """,
            """
            should not combine "bearerToken" or "bearerTokenFile" with each other or with another \
            authentication method
            """
        ) { write in
            let others: [Any?] = [write.basicAuth, write.authorization, write.oauth2, write.sigv4, write.azureAd]
            let ways = [
                write.bearerToken != nil, write.bearerTokenFile != nil, others.contains { $0 != nil },
            ]
            return ways.count { $0 } <= 1
        },
        CheckedRule(
            "!has(self.headers) || !self.headers.exists(k, \(isReserved))",
            """
            should not contain headers that Prometheus sets itself, such as Content-Type or Authorization; \
            credentials have fields of their own
            """,
            at: "headers"
        ) { $0.ownReservedHeaders.isEmpty },
    ]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(self, ProxyRules<RemoteWriteSpec>.all, at: path)
        errors.check(authorization, AuthorizationSpec.rules, at: path.appending("authorization"))
        oauth2?.checkRules(at: path.appending("oauth2"), &errors)
        errors.check(sigv4, Sigv4.rules, at: path.appending("sigv4"))
        errors.check(azureAd, AzureAD.rules, at: path.appending("azureAd"))
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
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
                The name of the endpoint in metrics, unique among remoteWrite. The entry from tenantRef is named \
                tenant: an entry of that name is merged with it, and its own fields take precedence.
                """, max: 330),
            "url": .url(
                "The URL of the endpoint, including the path. Required, except in an entry that tenantRef completes."),
            "remoteTimeout": .duration("The timeout of a request. Defaults to 30s."),
            "headers": .strings(
                "Headers to send with each request. Credentials have fields of their own.", max: 32),
            "writeRelabelConfigs": .list(
                of: RelabelConfigSpec.schema, max: 100,
                "Relabeling rules to apply to series before they are sent, in order. Use keep and drop to send less."),
            "basicAuth": BasicAuthSpec.schema,
            "authorization": AuthorizationSpec.schema,
            "oauth2": OAuth2.schema,
            "sigv4": Sigv4.schema,
            "azureAd": AzureAD.schema,
            "bearerToken": .text(
                """
                A token in plain text, readable by everyone who can read this object. Prefer authorization, \
                which takes it from a Secret.
                """,
                max: 8192),
            "bearerTokenFile": .filePath(
                """
                The path of a file with a token in the container. Prefer authorization, which takes it from a \
                Secret.
                """),
            "tlsConfig": TLSConfig.schema("The TLS settings of the connection to the receiver."),
            "queueConfig": QueueConfig.schema,
            "metadataConfig": MetadataConfig.schema,
            "sendExemplars": .boolean("Whether to send exemplars. Defaults to false."),
            "sendNativeHistograms": .boolean("Whether to send native histograms. Defaults to false."),
            "messageVersion": .choice(
                "The version of the remote-write protocol. Defaults to V1.0, which every receiver supports.",
                ["V1.0", "V2.0"]),
            "followRedirects": .boolean("Whether to follow redirects. Defaults to true."),
            "enableHTTP2": .boolean("Whether to use HTTP/2. Defaults to false."),
            "roundRobinDNS": .boolean(
                """
                Whether to connect to a random address of the host, rather than to the first that answers. \
                Defaults to false. Requires Prometheus >= 3.1.
                """),
        ], and: proxySchemas("the receiver"), description: "An endpoint to which the agent sends samples."
    ).with(rules: rules).with(rules: ProxyRules<RemoteWriteSpec>.all)
}

extension RemoteWriteSpec {
    /// Creates an entry that has only a name.
    public init(name: String) { self.name = name }
}
