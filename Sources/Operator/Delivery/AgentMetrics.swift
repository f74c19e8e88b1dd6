/// What an agent's metrics say about its remote writes, read from the text as it comes in.
struct AgentMetrics: PodMetrics, Hashable {
    /// The counters and gauges of one remote write.
    struct Queue: Hashable {
        /// The URL, with everything that the configuration has in it.
        var url = ""
        /// `…_samples_total`: samples in requests that were made, each time that they were sent.
        var attempts = 0.0
        /// `…_samples_failed_total`: refused for good.
        var failed = 0.0
        /// `…_samples_retried_total`: in requests that failed and were made again.
        var retried = 0.0
        /// `…_samples_dropped_total`, as far as the samples were meant to be sent.
        var dropped = 0.0
        /// `…_samples_pending`: read from the log and not sent yet.
        var pending = 0.0
        /// `…_queue_highest_timestamp_seconds`: of the newest sample for the queue, since Prometheus 3.6.
        var newest: Double?
        /// `…_queue_highest_sent_timestamp_seconds`: of the newest sample that was sent or refused.
        var sent = 0.0
        /// `…_shards` and `…_shards_max`.
        var shards = 0.0
        var mostShards = 0.0
    }

    /// The most remote writes that are looked at.
    static let mostQueues = 200
    /// The most jobs without targets that are noted, and the longest name: monitors have shorter ones.
    static let mostIdleJobs = 20_000
    static let longestJobName = 400

    /// The remote writes, by name.
    private(set) var queues: [String: Queue] = [:]
    /// `prometheus_remote_storage_highest_timestamp_in_seconds`: of the newest sample in the log; nil if this is not the
    /// text of a Prometheus.
    private(set) var newest: Double?
    /// `process_start_time_seconds`.
    private(set) var started = 0.0
    /// `prometheus_target_scrape_pool_targets` of all jobs.
    private(set) var targets = 0.0
    /// How many jobs `prometheus_target_scrape_pool_targets` has.
    private(set) var jobs = 0
    /// The names of those without targets, up to ``mostIdleJobs``. They are for one look, and are not kept with it.
    var idleJobs: Set<String> = []

    /// Long, because labels contain the URL of the queue.
    private var text = MetricsText(longestLine: 4096)

    private static let prefix = "prometheus_remote_storage_"

    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        for line in try text.take(status: status, bytes) { note(line) }
        if bytes.isEmpty, newest == nil {
            throw Problem(description: "has no metrics of a Prometheus that remote-writes")
        }
        return !bytes.isEmpty
    }

    private mutating func note(_ line: [UInt8]) {
        guard line.starts(with: "prom".utf8) || line.starts(with: "process_start".utf8) else { return }
        let line = String(decoding: line, as: UTF8.self)
        // The value is behind the last space: Prometheus's own metrics have no timestamps.
        guard let value = line.split(separator: " ").last.flatMap({ Double($0) }), value.isFinite else { return }
        let name = line.prefix { $0 != "{" && $0 != " " }
        switch name {
        case "process_start_time_seconds": started = value
        case "prometheus_target_scrape_pool_targets": noteJob(line, value)
        case "prometheus_remote_storage_highest_timestamp_in_seconds": newest = value
        default:
            guard name.hasPrefix(Self.prefix) else { return }
            note(name.dropFirst(Self.prefix.count), line, value)
        }
    }

    private mutating func noteJob(_ line: String, _ count: Double) {
        targets += count
        jobs += 1
        guard count == 0, idleJobs.count < Self.mostIdleJobs, let job = Self.label("scrape_job", of: line),
            job.utf8.count <= Self.longestJobName
        else { return }
        idleJobs.insert(job)
    }

    private mutating func note(_ name: Substring, _ line: String, _ value: Double) {
        guard Queue.names.contains(String(name)), let queue = Self.label("remote_name", of: line),
            queues[queue] != nil || queues.count < Self.mostQueues
        else { return }
        if name == "samples_dropped_total" {
            // Without a reason, series that relabelling leaves out count as well.
            guard let reason = Self.label("reason", of: line), reason != "dropped_series" else { return }
        }
        let url = Self.label("url", of: line) ?? ""
        queues[queue, default: Queue(url: url)].take(name, value)
    }

    /// The value of a label in a line of metrics. Prometheus sorts labels by name, and names end with `="`.
    private static func label(_ name: String, of line: String) -> String? {
        guard let start = line.firstRange(of: "\(name)=\"")?.upperBound else { return nil }
        var value = ""
        var isEscaped = false
        for character in line[start...] {
            switch (isEscaped, character) {
            case (false, "\\"): isEscaped = true
            case (false, "\""): return value
            default:
                value.append(isEscaped && character == "n" ? "\n" : character)
                isEscaped = false
            }
        }
        return nil
    }
}

extension AgentMetrics.Queue {
    /// The names of the metrics that are read, without what all have in common.
    fileprivate static let names: Set<String> = [
        "samples_total", "samples_failed_total", "samples_retried_total", "samples_dropped_total", "samples_pending",
        "queue_highest_timestamp_seconds", "queue_highest_sent_timestamp_seconds", "shards", "shards_max",
    ]

    fileprivate mutating func take(_ name: Substring, _ value: Double) {
        switch name {
        case "samples_total": attempts += value
        case "samples_failed_total": failed += value
        case "samples_retried_total": retried += value
        case "samples_dropped_total": dropped += value
        case "samples_pending": pending += value
        case "queue_highest_timestamp_seconds": newest = value
        case "queue_highest_sent_timestamp_seconds": sent = value
        case "shards": shards = value
        case "shards_max": mostShards = value
        default: break
        }
    }
}
