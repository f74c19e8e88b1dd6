/// What a Kubernetes client counts: `rest_client_requests_total`, as client-go does.
public struct ClientMetrics: Sendable {
    private let requests: Counter

    /// The metrics of the process's clients, which share one registry.
    public init(_ registry: MetricsRegistry) {
        requests = registry.counter(
            "rest_client_requests_total",
            help: "Number of HTTP requests, partitioned by status code, method, and host.",
            labels: ["code", "method", "host"])
    }

    /// Counts a request; `code` is nil where no answer came, which shows as `<error>`.
    public func request(method: String, host: String, code: Int?) {
        requests.increment(code.map(String.init) ?? "<error>", method, host)
    }

    /// How many requests of a method had an answer of this code from this host.
    public func count(method: String, host: String, code: Int?) -> Double {
        requests.value(code.map(String.init) ?? "<error>", method, host)
    }
}

/// Whether this process leads: `leader_election_master_status`, as client-go has it.
public struct LeaderElectionMetrics: Sendable {
    private let status: Gauge.Series

    /// The metric of a lease, shown as 0 from now on.
    public init(_ registry: MetricsRegistry, lease: String) {
        status = registry.gauge(
            "leader_election_master_status",
            help: "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates "
                + "master. 'name' is the string used to identify the lease. Please make sure to group by name.",
            labels: ["name"]
        ).with(lease)
    }

    /// Says whether this process holds the lease.
    public func set(isLeader: Bool) { status.set(isLeader ? 1 : 0) }
}
