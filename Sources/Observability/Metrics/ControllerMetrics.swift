/// What a controller counts, under the names that controller-runtime gave them, so that its dashboards work.
public struct ControllerMetrics: Sendable {
    /// How a reconciliation ended: the label `result`.
    public enum Outcome: String, Sendable, CaseIterable {
        case success
        case error
        case requeue
        case requeueAfter = "requeue_after"
    }

    /// `controller_runtime_active_workers`: how many workers are busy.
    public let activeWorkers: Gauge.Series
    /// `controller_runtime_max_concurrent_reconciles`: how many workers there are.
    public let maximumConcurrentReconciles: Gauge.Series
    /// `controller_runtime_reconcile_time_seconds`: how long reconciliations took.
    public let reconcileTime: Histogram.Series
    /// `controller_runtime_reconcile_errors_total`: how many reconciliations failed.
    public let errors: Counter.Series
    /// `controller_runtime_terminal_reconcile_errors_total`: how many failed in a way that a retry would not change.
    public let terminalErrors: Counter.Series
    /// `controller_runtime_reconcile_timeouts_total`: how many took longer than they may.
    public let timeouts: Counter.Series
    private let totals: [Outcome: Counter.Series]

    /// The metrics of a controller; every series is shown from now on, at 0.
    public init(_ registry: MetricsRegistry, controller: String) {
        func counter(_ name: String, _ help: String) -> Counter.Series {
            registry.counter("controller_runtime_\(name)", help: help, labels: ["controller"]).with(controller)
        }
        func gauge(_ name: String, _ help: String) -> Gauge.Series {
            registry.gauge("controller_runtime_\(name)", help: help, labels: ["controller"]).with(controller)
        }
        activeWorkers = gauge("active_workers", "Number of currently used workers per controller")
        maximumConcurrentReconciles = gauge(
            "max_concurrent_reconciles", "Maximum number of concurrent reconciles per controller")
        errors = counter("reconcile_errors_total", "Total number of reconciliation errors per controller")
        terminalErrors = counter(
            "terminal_reconcile_errors_total", "Total number of terminal reconciliation errors per controller")
        timeouts = counter("reconcile_timeouts_total", "Total number of reconciliation timeouts per controller")
        let total = registry.counter(
            "controller_runtime_reconcile_total", help: "Total number of reconciliations per controller",
            labels: ["controller", "result"])
        totals = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, total.with(controller, $0.rawValue)) })
        reconcileTime = registry.histogram(
            "controller_runtime_reconcile_time_seconds", help: "Length of time per reconciliation per controller",
            labels: ["controller"], buckets: Self.timeBuckets
        ).with(controller)
    }

    /// Counts the end of a reconciliation; an error also counts in ``errors``.
    public func finished(_ outcome: Outcome, after duration: Duration) {
        totals[outcome]?.increment()
        if outcome == .error { errors.increment() }
        reconcileTime.observe(duration)
    }

    /// How many reconciliations ended this way.
    public func count(_ outcome: Outcome) -> Double { totals[outcome]?.value ?? 0 }

    /// controller-runtime's bounds, in seconds.
    static let timeBuckets: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.5,
        1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ]
}
