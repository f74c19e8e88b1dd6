/// What a work queue reports; the names of the metrics behind it are controller-runtime's `workqueue_*`.
public protocol WorkQueueMetrics: Sendable {
    /// A key came in: `workqueue_adds_total`.
    func added()
    /// A key came in after its back-off: `workqueue_retries_total`.
    func retried()
    /// A worker took a key that had been ready for a time: `workqueue_queue_duration_seconds`.
    func taken(queuedSeconds: Double)
    /// A worker gave a key back after a time: `workqueue_work_duration_seconds`.
    func processed(seconds: Double)
}

/// How a reconcile ended, the `result` label of `controller_runtime_reconcile_total`.
public enum ReconcileOutcome: String, Sendable, CaseIterable {
    case success
    case error
    case requeue
    case requeueAfter = "requeue_after"
}

/// What a controller reports; the names of the metrics behind it are controller-runtime's.
public protocol ControllerMetrics: WorkQueueMetrics {
    /// A reconcile ended: `controller_runtime_reconcile_total`, `…_errors_total`, `…_time_seconds`.
    func reconciled(_ outcome: ReconcileOutcome, terminal: Bool, seconds: Double)
    /// A worker became busy (+1) or idle (-1): `controller_runtime_active_workers`.
    func activeWorkersChanged(by delta: Int)
}

/// Reports nothing.
public struct NoMetrics: ControllerMetrics {
    /// A report to nobody.
    public init() {}
    public func added() {}
    public func retried() {}
    public func taken(queuedSeconds: Double) {}
    public func processed(seconds: Double) {}
    public func reconciled(_ outcome: ReconcileOutcome, terminal: Bool, seconds: Double) {}
    public func activeWorkersChanged(by delta: Int) {}
}
