import Kube
import Logging

/// A client of one Kubernetes API server: calls and watches over connections that they share.
///
/// Answers that say no are thrown as `APIStatus`, everything else that fails as ``KubeClientError``; a cancelled task
/// gets `CancellationError` at once. The client waits and asks again when the server says so (429 and 5xx with
/// `Retry-After`), and once with renewed credentials after 401. Everything may be called from any task.
public final class KubeClient: Sendable {
    /// What can be set beside the cluster.
    public struct Options: Sendable {
        /// What the server's logs and managed fields call us.
        public var userAgent = "tributary"
        /// How many calls run at once; others wait their turn. Watches do not count.
        public var maximumConcurrentCalls = 32
        /// Name lookup, TCP, proxy and TLS together.
        public var connectTimeout: Duration = .seconds(30)
        /// The longest silence within a call; API servers give a request up after 60 s.
        public var stallTimeout: Duration = .seconds(65)
        /// The longest that one attempt of a call may take.
        public var callTimeout: Duration = .seconds(120)
        /// How many times a call is made again because the server asks to.
        public var maximumRetries = 10
        /// The longest wait that is waited out; if the server asks for more, the call fails with its `APIStatus`.
        public var maximumRetryDelay: Duration = .seconds(30)
        /// The longest answer to a call, decompressed, in bytes.
        public var maximumBodySize = 64 << 20
        /// The longest event of a watch, in bytes.
        public var maximumEventSize = 16 << 20
        /// Told of every attempt: the HTTP method, the server's host, and the status if an answer came.
        ///
        /// For `rest_client_requests_total`. Called on the caller's task.
        public var onRequest: (@Sendable (_ method: String, _ host: String, _ code: Int?) -> Void)?

        /// The defaults, but for what is given.
        public init(
            userAgent: String = "tributary", maximumConcurrentCalls: Int = 32,
            onRequest: (@Sendable (_ method: String, _ host: String, _ code: Int?) -> Void)? = nil
        ) {
            self.userAgent = userAgent
            self.maximumConcurrentCalls = maximumConcurrentCalls
            self.onRequest = onRequest
        }
    }

    /// The cluster that is called.
    public let cluster: ClusterConfiguration
    let options: Options
    let loop = CurlLoop()
    let limiter: CallLimiter
    let credentials: Credentials
    let warnings: WarningLog
    let logger: Logger

    /// A client; it connects with the first call, and has one thread of its own from now on.
    public init(_ cluster: ClusterConfiguration, options: Options = Options(), logger: Logger) {
        self.cluster = cluster
        self.options = options
        self.logger = logger
        limiter = CallLimiter(limit: options.maximumConcurrentCalls)
        credentials = Credentials(cluster)
        warnings = WarningLog(logger)
    }

    /// Ends all calls and watches with `KubeClientError.Code.cancelled` and closes all connections.
    ///
    /// Returns when the client's thread has ended; calls made later fail at once.
    public func shutdown() async { await loop.stop() }
}
