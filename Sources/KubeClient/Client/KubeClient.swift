import Kube
import Logging

/// A client of a Kubernetes API server. Its calls and watches share connections.
///
/// Errors of the API are thrown as `APIStatus`, all other errors as ``KubeClientError``, and in a cancelled task
/// immediately `CancellationError`. The client retries when the server asks for it (429 and 5xx with `Retry-After`),
/// and once with renewed credentials after 401. All methods may be called from any task.
public final class KubeClient: Sendable {
    /// The options of a client.
    public struct Options: Sendable {
        /// The name of this client in the server's logs and in managed fields.
        var userAgent = "tributary"
        /// The most concurrent calls, not counting watches; further calls wait.
        var maximumConcurrentCalls = 32
        /// The time limit for name lookup, TCP, proxy and TLS together.
        var connectTimeout: Duration = .seconds(30)
        /// The longest time without data during a call. API servers give up on a request after 60 s.
        var stallTimeout: Duration = .seconds(65)
        /// The longest time without data during a watch. API servers send a bookmark each minute.
        var watchSilence: Duration = .seconds(100)
        /// The time limit for one attempt of a call.
        var callTimeout: Duration = .seconds(120)
        /// The most retries of a call.
        var maximumRetries = 10
        /// The longest delay before a retry. If the server asks for a longer one, the call fails with its `APIStatus`.
        var maximumRetryDelay: Duration = .seconds(30)
        /// The most bytes of a decompressed response.
        var maximumBodySize = 64 << 20
        /// The most bytes of a watch event.
        var maximumEventSize = 16 << 20
        /// Called for every attempt with the HTTP method, the host, and the status if there was a response.
        ///
        /// Meant for `rest_client_requests_total`. Runs in the task of the caller.
        var onRequest: (@Sendable (_ method: String, _ host: String, _ code: Int?) -> Void)?

        /// Creates options; all others have their defaults.
        public init(
            userAgent: String = "tributary", maximumConcurrentCalls: Int = 32,
            onRequest: (@Sendable (_ method: String, _ host: String, _ code: Int?) -> Void)? = nil
        ) {
            self.userAgent = userAgent
            self.maximumConcurrentCalls = maximumConcurrentCalls
            self.onRequest = onRequest
        }
    }

    /// The configuration of the cluster.
    public let cluster: ClusterConfiguration
    let options: Options
    let loop: CurlLoop
    let limiter: CallLimiter
    let credentials: ClusterCredentials
    let warnings: WarningLog
    let logger: Logger
    /// How long writes may still be sent; nil for no limit.
    let timeToWrite: (@Sendable () -> Duration)?

    /// Creates a client, which starts its own thread and connects on the first call.
    public init(_ cluster: ClusterConfiguration, options: Options = Options(), logger: Logger) {
        self.cluster = cluster
        self.options = options
        self.logger = logger
        timeToWrite = nil
        loop = CurlLoop()
        limiter = CallLimiter(limit: options.maximumConcurrentCalls)
        credentials = ClusterCredentials(cluster)
        warnings = WarningLog(logger)
    }

    private init(_ other: KubeClient, timeToWrite: @escaping @Sendable () -> Duration) {
        cluster = other.cluster
        options = other.options
        loop = other.loop
        limiter = other.limiter
        credentials = other.credentials
        warnings = other.warnings
        logger = other.logger
        self.timeToWrite = timeToWrite
    }

    /// The same client, with its connections, for writes that are right only for a time, such as those of a leader.
    ///
    /// The time left is asked for before each attempt. An attempt that has not been sent by then never is: not after it
    /// waited for its turn or for what `Retry-After` says, and not after the process was suspended.
    public func writing(only timeLeft: @escaping @Sendable () -> Duration) -> KubeClient {
        KubeClient(self, timeToWrite: timeLeft)
    }

    /// Ends all calls and watches with ``KubeClientError/Code/cancelled`` and closes all connections.
    ///
    /// Returns when the thread of the client has ended. Later calls fail immediately.
    public func shutdown() async { await loop.stop() }
}
