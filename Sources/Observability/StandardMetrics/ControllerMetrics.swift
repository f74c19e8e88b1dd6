/// The metrics of a controller, with the names of controller-runtime so that its dashboards work.
public struct ControllerMetrics: Sendable {
    /// The result of a reconciliation: the label `result`.
    public enum Outcome: String, Sendable, CaseIterable {
        /// It succeeded.
        case success
        /// It failed and is retried with backoff.
        case error
        /// It asked for another run with backoff.
        case requeue
        /// It asked for another run at a certain time.
        case requeueAfter = "requeue_after"
    }

    /// `controller_runtime_active_workers`: the number of busy workers.
    public let activeWorkers: Gauge.Series
    /// `controller_runtime_max_concurrent_reconciles`: the number of workers.
    public let maximumConcurrentReconciles: Gauge.Series
    /// `controller_runtime_reconcile_time_seconds`: the duration of reconciliations.
    private let reconcileTime: Histogram.Series
    /// `controller_runtime_reconcile_errors_total`: the number of failed reconciliations.
    public let errors: Counter.Series
    private let totals: [Outcome: Counter.Series]

    /// Registers the metrics of a controller; every series is exposed as 0 from now on.
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
        // Nothing here times out or gives up, but dashboards of controller-runtime expect the series.
        _ = counter("terminal_reconcile_errors_total", "Total number of terminal reconciliation errors per controller")
        _ = counter("reconcile_timeouts_total", "Total number of reconciliation timeouts per controller")
        let total = registry.counter(
            "controller_runtime_reconcile_total", help: "Total number of reconciliations per controller",
            labels: ["controller", "result"])
        totals = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0, total.with(controller, $0.rawValue)) })
        reconcileTime = registry.histogram(
            "controller_runtime_reconcile_time_seconds", help: "Length of time per reconciliation per controller",
            labels: ["controller"], buckets: Self.timeBuckets
        ).with(controller)
    }

    /// Counts a finished reconciliation; an error also increments ``errors``.
    public func finished(_ outcome: Outcome, after duration: Duration) {
        totals[outcome]?.increment()
        if outcome == .error { errors.increment() }
        reconcileTime.observe(duration)
    }

    /// The number of reconciliations with this result.
    public func count(_ outcome: Outcome) -> Double { totals[outcome]?.value ?? 0 }

    /// The buckets of controller-runtime, in seconds.
    private static let timeBuckets: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.5,
        1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ]
}
