import Kube

/// The rules for retries of a call.
///
/// As in client-go, a call is retried up to ten times, and only if the server sends `Retry-After`, which means that it
/// has not processed the request. The delay is at least an exponential backoff, as in kube-rs.
struct RetryPolicy {
    enum Step: Equatable {
        case stop
        case refresh
        case wait(Duration)
    }

    private let maximumRetries: Int
    private let maximumDelay: Duration
    private var retries = 0
    private var hasRefreshed = false

    init(_ options: KubeClient.Options) {
        maximumRetries = options.maximumRetries
        maximumDelay = options.maximumRetryDelay
    }

    mutating func next(_ status: Int, retryAfter: String?) -> Step {
        if status == 401 {
            guard !hasRefreshed else { return .stop }
            hasRefreshed = true
            return .refresh
        }
        guard status == 429 || status >= 500, let delay = RetryPolicy.delay(retryAfter), delay <= maximumDelay,
            retries < maximumRetries
        else { return .stop }
        let backoff = Duration.milliseconds(5) * (1 << min(retries, 12))
        retries += 1
        return .wait(min(max(delay, backoff), maximumDelay))
    }

    /// The delay of a `Retry-After` header in seconds, the form that API servers use.
    static func delay(_ header: String?) -> Duration? {
        header.flatMap { Int($0) }.flatMap(APIStatus.retryDelay)
    }
}
