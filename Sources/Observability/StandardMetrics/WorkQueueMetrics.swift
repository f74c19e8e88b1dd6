/// The metrics of a work queue, with the names of client-go and controller-runtime.
public struct WorkQueueMetrics: Sendable {
    private let depths: Gauge
    private let name: String
    /// `workqueue_adds_total`: the number of added keys.
    public let adds: Counter.Series
    /// `workqueue_retries_total`: the number of keys added again after a failure.
    public let retries: Counter.Series
    /// `workqueue_queue_duration_seconds`: how long due keys waited for a worker.
    public let queueDuration: Histogram.Series
    /// `workqueue_work_duration_seconds`: how long workers processed keys.
    public let workDuration: Histogram.Series
    /// `workqueue_unfinished_work_seconds`: the total time spent so far on keys in progress.
    public let unfinishedWork: Gauge.Series
    /// `workqueue_longest_running_processor_seconds`: the longest time spent so far on a key in progress.
    public let longestRunning: Gauge.Series

    /// Registers the metrics of a queue, named after its controller; every series is exposed as 0 from now on.
    public init(_ registry: MetricsRegistry, name: String) {
        self.name = name
        let labels = ["name", "controller"]
        func counter(_ metric: String, _ help: String) -> Counter.Series {
            registry.counter("workqueue_\(metric)", help: help, labels: labels).with(name, name)
        }
        func gauge(_ metric: String, _ help: String) -> Gauge.Series {
            registry.gauge("workqueue_\(metric)", help: help, labels: labels).with(name, name)
        }
        func histogram(_ metric: String, _ help: String) -> Histogram.Series {
            registry.histogram("workqueue_\(metric)", help: help, labels: labels, buckets: Self.buckets)
                .with(name, name)
        }
        depths = registry.gauge(
            "workqueue_depth", help: "Current depth of workqueue by workqueue and priority",
            labels: ["name", "controller", "priority"])
        depths.with(name, name, "0")
        adds = counter("adds_total", "Total number of adds handled by workqueue")
        retries = counter("retries_total", "Total number of retries handled by workqueue")
        queueDuration = histogram(
            "queue_duration_seconds", "How long in seconds an item stays in workqueue before being requested")
        workDuration = histogram(
            "work_duration_seconds", "How long in seconds processing an item from workqueue takes.")
        unfinishedWork = gauge(
            "unfinished_work_seconds",
            "How many seconds of work has been done that is in progress and hasn't been observed by work_duration.")
        longestRunning = gauge(
            "longest_running_processor_seconds",
            "How many seconds has the longest running processor for workqueue been running.")
    }

    /// `workqueue_depth` of a priority: the number of due keys that wait. Keep the series that is updated often.
    public func depth(priority: Int = 0) -> Gauge.Series { depths.with(name, name, String(priority)) }

    /// The buckets of client-go, in seconds: 10 ns to 1000 s, each ten times the previous one.
    private static let buckets: [Double] = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000]
}
