/// What an agent's metrics say about how far it has sent what it scraped, read from the text as it comes in.
struct SendingProgress: PodMetrics, Hashable {
    /// Whether it still scrapes something: `prometheus_target_scrape_pool_targets` has a series for each job.
    private(set) var isScraping = false
    /// `prometheus_remote_storage_samples_pending` of all queues: read from the log and not yet taken.
    private(set) var pending = 0.0
    /// `prometheus_remote_storage_highest_timestamp_in_seconds`: of the newest sample in the log.
    private(set) var newest: Double?
    /// `prometheus_remote_storage_queue_highest_sent_timestamp_seconds`, of the queue that is furthest behind.
    private(set) var sent: Double?
    /// `prometheus_wal_watcher_records_read_total` of all queues: records that were read from the log.
    private(set) var read = 0.0

    /// Long, because labels contain the URL of the queue.
    private var text = MetricsText(longestLine: 4096)

    /// Whether it scrapes nothing and has sent everything.
    var isDone: Bool {
        guard !isScraping, pending == 0, let newest else { return false }
        // Nothing was scraped since it started, and it does not send anything from before its start.
        if newest == 0 { return true }
        return sent.map { $0 >= newest.rounded(.down) } ?? false
    }

    /// Whether it scrapes nothing and nothing waits to be sent.
    ///
    /// A queue may never send the newest sample: where relabelling drops it, or where all series of another tenant are.
    /// Such an agent has sent everything once it stays so and reads nothing more from its log.
    var isQuiet: Bool { !isScraping && pending == 0 && newest != nil }

    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        for line in try text.take(status: status, bytes) { note(line) }
        return !bytes.isEmpty
    }

    private mutating func note(_ line: [UInt8]) {
        guard line.starts(with: "prometheus_".utf8) else { return }
        let text = String(decoding: line, as: UTF8.self)
        let name = text.prefix { $0 != "{" && $0 != " " }
        // The value is behind the last space: Prometheus's own metrics have no timestamps.
        guard let value = text.split(separator: " ").last.flatMap({ Double($0) }) else { return }
        switch name {
        case "prometheus_target_scrape_pool_targets": isScraping = true
        case "prometheus_remote_storage_samples_pending": pending += value
        case "prometheus_remote_storage_highest_timestamp_in_seconds": newest = value
        case "prometheus_remote_storage_queue_highest_sent_timestamp_seconds": sent = min(sent ?? value, value)
        case "prometheus_wal_watcher_records_read_total": read += value
        default: break
        }
    }
}
