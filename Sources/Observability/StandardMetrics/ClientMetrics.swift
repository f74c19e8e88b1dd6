/// The metric of a Kubernetes client: `rest_client_requests_total`, as in client-go.
public struct ClientMetrics: Sendable {
    private let requests: Counter

    /// Registers the metric, which all clients of the process share.
    public init(_ registry: MetricsRegistry) {
        requests = registry.counter(
            "rest_client_requests_total",
            help: "Number of HTTP requests, partitioned by status code, method, and host.",
            labels: ["code", "method", "host"])
    }

    /// Counts a request; `code` is nil if there was no response, which is exposed as `<error>`.
    public func request(method: String, host: String, code: Int?) {
        requests.increment(code.map(String.init) ?? "<error>", method, host)
    }

    /// The number of requests with this method, host and status code.
    public func count(method: String, host: String, code: Int?) -> Double {
        requests.value(code.map(String.init) ?? "<error>", method, host)
    }
}
