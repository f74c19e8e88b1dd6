public import Kube

/// One place to send series to: Prometheus's `remote_write`. Credentials are files wherever Prometheus reads them from
/// files; the others make the configuration a secret.
public struct RemoteWrite: Sendable, Hashable {
    /// A user name and the file with the password.
    public struct BasicAuth: Sendable, Hashable {
        /// The name, or nil where ``usernameFile`` has it.
        public var username: String?
        /// The file with the name, Prometheus 2.46 and later.
        public var usernameFile: String?
        /// The file with the password.
        public var passwordFile: String?

        /// Basic authentication.
        public init(username: String? = nil, usernameFile: String? = nil, passwordFile: String? = nil) {
            self.username = username
            self.usernameFile = usernameFile
            self.passwordFile = passwordFile
        }
    }

    /// The `Authorization` header, its credentials from a file.
    public struct Authorization: Sendable, Hashable {
        /// The type; nil is `Bearer`, which is written.
        public var type: String?
        /// The file with the credentials.
        public var credentialsFile: String

        /// An authorization.
        public init(type: String? = nil, credentialsFile: String) {
            self.type = type
            self.credentialsFile = credentialsFile
        }
    }

    /// How the receiver's certificate is checked and which certificate is shown.
    public struct TLS: Sendable, Hashable {
        /// The file with the certificate authorities; nil trusts the system's.
        public var caFile: String?
        /// The file with the client's certificate.
        public var certFile: String?
        /// The file with its key.
        public var keyFile: String?
        /// The name that the receiver's certificate has to carry, if not the URL's.
        public var serverName: String?
        /// The oldest version of TLS, such as `TLS12`; Prometheus 2.35 and later.
        public var minVersion: String?
        /// The newest version of TLS; Prometheus 2.41 and later.
        public var maxVersion: String?
        /// Whether any certificate is taken.
        public var insecureSkipVerify: Bool?

        /// TLS settings.
        public init(
            caFile: String? = nil, certFile: String? = nil, keyFile: String? = nil, serverName: String? = nil,
            minVersion: String? = nil, maxVersion: String? = nil, insecureSkipVerify: Bool? = nil
        ) {
            self.caFile = caFile
            self.certFile = certFile
            self.keyFile = keyFile
            self.serverName = serverName
            self.minVersion = minVersion
            self.maxVersion = maxVersion
            self.insecureSkipVerify = insecureSkipVerify
        }
    }

    /// How samples are queued: `queue_config`; what is nil is Prometheus's default.
    public struct Queue: Sendable, Hashable {
        /// How many samples each shard holds.
        public var capacity: Int?
        /// The most shards.
        public var maxShards: Int?
        /// The fewest shards.
        public var minShards: Int?
        /// The most samples in one request.
        public var maxSamplesPerSend: Int?
        /// How long a sample waits at most for a request to fill.
        public var batchSendDeadline: String?
        /// The first wait before a retry.
        public var minBackoff: String?
        /// The longest wait before a retry.
        public var maxBackoff: String?
        /// Whether an answer 429 is retried.
        public var retryOnRateLimit: Bool?
        /// Samples older than this are no longer sent; Prometheus 2.50 and later.
        public var sampleAgeLimit: String?

        /// Queue settings.
        public init(
            capacity: Int? = nil, maxShards: Int? = nil, minShards: Int? = nil, maxSamplesPerSend: Int? = nil,
            batchSendDeadline: String? = nil, minBackoff: String? = nil, maxBackoff: String? = nil,
            retryOnRateLimit: Bool? = nil, sampleAgeLimit: String? = nil
        ) {
            self.capacity = capacity
            self.maxShards = maxShards
            self.minShards = minShards
            self.maxSamplesPerSend = maxSamplesPerSend
            self.batchSendDeadline = batchSendDeadline
            self.minBackoff = minBackoff
            self.maxBackoff = maxBackoff
            self.retryOnRateLimit = retryOnRateLimit
            self.sampleAgeLimit = sampleAgeLimit
        }
    }

    /// Whether and how often metadata is sent: `metadata_config`.
    public struct Metadata: Sendable, Hashable {
        /// Whether it is sent.
        public var send: Bool?
        /// How often.
        public var sendInterval: String?
        /// The most entries in one request.
        public var maxSamplesPerSend: Int?

        /// Metadata settings.
        public init(send: Bool? = nil, sendInterval: String? = nil, maxSamplesPerSend: Int? = nil) {
            self.send = send
            self.sendInterval = sendInterval
            self.maxSamplesPerSend = maxSamplesPerSend
        }
    }

    /// Where samples are posted.
    public var url: String
    /// A name for metrics and logs; unique in the file.
    public var name: String?
    /// How long a request may take.
    public var remoteTimeout: String?
    /// Headers sent with each request, such as a tenant's; they are no place for secrets.
    public var headers: [String: String] = [:]
    /// The message type, such as `io.prometheus.write.v2.Request`; Prometheus 2.54 and later.
    public var protobufMessage: String?
    /// Whether exemplars are sent.
    public var sendExemplars: Bool?
    /// Whether native histograms are sent; Prometheus 2.40 and later.
    public var sendNativeHistograms: Bool?
    /// Which series are sent and with which labels.
    public var writeRelabelConfigs: [RelabelConfig] = []
    /// Basic authentication; at most one of the ways to authenticate.
    public var basicAuth: BasicAuth?
    /// A token as it is; the file with one is better.
    public var bearerToken: String?
    /// The file with a token.
    public var bearerTokenFile: String?
    /// OAuth 2.0 settings as Prometheus has them.
    public var oauth2: JSON?
    /// TLS settings.
    public var tls: TLS?
    /// The `Authorization` header.
    public var authorization: Authorization?
    /// The proxy's URL.
    public var proxyURL: String?
    /// Hosts that are reached without the proxy; Prometheus 2.43 and later.
    public var noProxy: String?
    /// Whether the proxy comes from the environment; Prometheus 2.43 and later.
    public var proxyFromEnvironment: Bool?
    /// Headers for the proxy itself, with their values; Prometheus 2.43 and later.
    public var proxyConnectHeader: [String: [String]] = [:]
    /// AWS request signing as Prometheus has it.
    public var sigv4: JSON?
    /// Azure AD settings as Prometheus has them; Prometheus 2.45 and later.
    public var azureAD: JSON?
    /// Whether redirects are followed.
    public var followRedirects: Bool?
    /// Whether HTTP/2 is used; Prometheus 2.35 and later.
    public var enableHTTP2: Bool?
    /// How samples are queued.
    public var queue: Queue?
    /// How metadata is sent.
    public var metadata: Metadata?
    /// Whether each of the host's addresses is tried in turn; Prometheus 3.1 and later.
    public var roundRobinDNS: Bool?

    /// A place to send to.
    public init(url: String, name: String? = nil) {
        self.url = url
        self.name = name
    }
}
