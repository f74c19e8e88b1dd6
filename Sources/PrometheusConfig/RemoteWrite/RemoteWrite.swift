public import Kube

/// A destination of series, `remote_write` in Prometheus.
///
/// Credentials are files wherever Prometheus reads them from files. The others make the configuration a secret.
public struct RemoteWrite: Sendable, Hashable {
    /// Basic authentication: a user name and the file with the password.
    public struct BasicAuth: Sendable, Hashable {
        /// The user name; nil if it is in ``usernameFile``.
        public var username: String?
        /// The file with the user name; Prometheus 2.49 and later.
        public var usernameFile: String?
        /// The file with the password.
        public var passwordFile: String?

        /// Creates settings for basic authentication.
        public init(username: String? = nil, usernameFile: String? = nil, passwordFile: String? = nil) {
            self.username = username
            self.usernameFile = usernameFile
            self.passwordFile = passwordFile
        }
    }

    /// The `Authorization` header, with credentials from a file.
    public struct Authorization: Sendable, Hashable {
        /// The type; nil for `Bearer`.
        public var type: String?
        /// The file with the credentials.
        public var credentialsFile: String

        /// Creates settings for the header.
        public init(type: String? = nil, credentialsFile: String) {
            self.type = type
            self.credentialsFile = credentialsFile
        }
    }

    /// The TLS settings of a client.
    public struct TLS: Sendable, Hashable {
        /// The file with the certificate authorities; nil for those of the system.
        public var caFile: String?
        /// The file with the client certificate.
        public var certFile: String?
        /// The file with the key of the client certificate.
        public var keyFile: String?
        /// The expected name in the certificate of the server; nil for the host of the URL.
        public var serverName: String?
        /// The minimum version of TLS, such as `TLS12`; Prometheus 2.35 and later.
        public var minVersion: String?
        /// The maximum version of TLS; Prometheus 2.41 and later.
        public var maxVersion: String?
        /// Whether any certificate of the server is accepted.
        public var insecureSkipVerify: Bool?

        /// Creates TLS settings.
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

    /// The queue of samples, `queue_config` in Prometheus; nil is the default of Prometheus.
    public struct Queue: Sendable, Hashable {
        /// The number of samples that each shard can hold.
        public var capacity: Int?
        /// The maximum number of shards.
        public var maxShards: Int?
        /// The minimum number of shards.
        public var minShards: Int?
        /// The maximum number of samples in a request.
        public var maxSamplesPerSend: Int?
        /// How long a sample waits at most for others in the same request.
        public var batchSendDeadline: String?
        /// The wait before the first retry.
        public var minBackoff: String?
        /// The maximum wait before a retry.
        public var maxBackoff: String?
        /// Whether requests are retried after a response with status 429.
        public var retryOnRateLimit: Bool?
        /// The maximum age of samples that are sent; Prometheus 2.50 and later.
        public var sampleAgeLimit: String?

        /// Creates queue settings.
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

    /// The sending of metadata, `metadata_config` in Prometheus.
    public struct Metadata: Sendable, Hashable {
        /// Whether metadata is sent.
        public var send: Bool?
        /// How often metadata is sent.
        public var sendInterval: String?
        /// The maximum number of entries in a request.
        public var maxSamplesPerSend: Int?

        /// Creates metadata settings.
        public init(send: Bool? = nil, sendInterval: String? = nil, maxSamplesPerSend: Int? = nil) {
            self.send = send
            self.sendInterval = sendInterval
            self.maxSamplesPerSend = maxSamplesPerSend
        }
    }

    /// The URL that samples are posted to.
    public var url: String
    /// The name in metrics and logs, unique in the file.
    public var name: String?
    /// The timeout of a request.
    public var remoteTimeout: String?
    /// The headers of each request, such as the tenant; they are not meant for secrets.
    public var headers: [String: String] = [:]
    /// The message type, such as `io.prometheus.write.v2.Request`; Prometheus 2.54 and later.
    public var protobufMessage: String?
    /// Whether exemplars are sent.
    public var sendExemplars: Bool?
    /// Whether native histograms are sent; Prometheus 2.40 and later.
    public var sendNativeHistograms: Bool?
    /// The rules that select the series to send and change their labels.
    public var writeRelabelConfigs: [RelabelConfig] = []
    /// Basic authentication. At most one way to authenticate can be set.
    public var basicAuth: BasicAuth?
    /// A bearer token, which the configuration then contains; prefer ``bearerTokenFile``.
    public var bearerToken: String?
    /// The file with a bearer token.
    public var bearerTokenFile: String?
    /// The `oauth2` of Prometheus.
    public var oauth2: JSON?
    /// TLS settings.
    public var tls: TLS?
    /// The `Authorization` header.
    public var authorization: Authorization?
    /// The URL of the proxy.
    public var proxyURL: String?
    /// Hosts that are reached without the proxy; Prometheus 2.43 and later.
    public var noProxy: String?
    /// Whether environment variables configure the proxy; Prometheus 2.43 and later.
    public var proxyFromEnvironment: Bool?
    /// The headers of `CONNECT` requests to the proxy; Prometheus 2.43 and later.
    public var proxyConnectHeader: [String: [String]] = [:]
    /// The AWS request signing, `sigv4` in Prometheus.
    public var sigv4: JSON?
    /// The `azuread` of Prometheus; Prometheus 2.45 and later.
    public var azureAD: JSON?
    /// Whether redirects are followed.
    public var followRedirects: Bool?
    /// Whether HTTP/2 is used; Prometheus 2.35 and later.
    public var enableHTTP2: Bool?
    /// The queue of samples.
    public var queue: Queue?
    /// The sending of metadata.
    public var metadata: Metadata?
    /// Whether requests use the addresses of the host in turn; Prometheus 3.1 and later.
    public var roundRobinDNS: Bool?

    /// Creates a remote write with defaults only.
    public init(url: String, name: String? = nil) {
        self.url = url
        self.name = name
    }
}
