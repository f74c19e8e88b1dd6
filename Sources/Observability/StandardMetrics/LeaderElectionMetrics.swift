/// The metric of leader election: `leader_election_master_status`, as in client-go.
public struct LeaderElectionMetrics: Sendable {
    private let status: Gauge.Series

    /// Registers the metric of a lease, exposed as 0 from now on.
    public init(_ registry: MetricsRegistry, lease: String) {
        status = registry.gauge(
            "leader_election_master_status",
            help: "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates "
                + "master. 'name' is the string used to identify the lease. Please make sure to group by name.",
            labels: ["name"]
        ).with(lease)
    }

    /// Sets whether this process holds the lease.
    public func set(isLeader: Bool) { status.set(isLeader ? 1 : 0) }
}
