import PlanningInput

/// What looks at one pod's metrics have found so far, and what follows from the newest one.
///
/// Counters say what has happened since the look before. `highest_sent_timestamp` says how far sending is, but it also grows
/// with samples that are refused, so what is refused is looked at first.
struct DeliveryLooks: Sendable {
    /// From which delay on an agent counts as behind, in seconds.
    static let longestDelay = 120.0
    /// How old a process may be for its counters to tell how it is now, in seconds.
    private static let youngest = 180.0

    private var last: (metrics: AgentMetrics, at: Duration)?
    /// The remote writes that lost samples in the look before.
    private var losing: Set<String> = []

    /// Takes in the newest metrics; returns what the pod does, or nil where only another look can tell.
    mutating func take(_ metrics: AgentMetrics, at now: Duration) -> PodDelivery? {
        let former = last.flatMap { $0.metrics.started == metrics.started ? $0 : nil }
        last = (metrics, now)
        // There may be thousands, for each pod.
        last?.metrics.idleJobs = []
        let newest = metrics.newest ?? 0
        guard !metrics.queues.isEmpty else { return PodDelivery(.noRemoteWrite) }
        // The counters of an old process say what was long ago.
        guard former != nil || newest > 0 && newest - metrics.started <= Self.youngest else { return nil }
        if newest == 0 || former?.metrics.newest == newest && metrics.targets == 0 {
            return PodDelivery(.nothingScraped)
        }
        let minutes = former.map { max((now - $0.at) / .seconds(60), 0.01) }
        var found: [PodDelivery] = []
        var lost: Set<String> = []
        for (name, queue) in metrics.queues.sorted(by: { $0.key < $1.key }) {
            let change = QueueChange(
                queue, since: former?.metrics.queues[name], newest: queue.newest ?? newest, started: metrics.started)
            if change.failed > 0 { lost.insert(name) }
            var delivery = PodDelivery(change.state(hasLost: losing.contains(name)), remoteWrite: name)
            delivery.behind = DeliverySteps.seconds(change.behind)
            if let minutes {
                delivery.failed = DeliverySteps.count(change.failed / minutes)
                delivery.dropped = DeliverySteps.count(change.dropped / minutes)
            }
            if delivery.state == .behind, queue.shards > 0, queue.shards >= queue.mostShards {
                delivery.cause = PodDelivery.Cause(
                    "ShardsAtMaximum",
                    "\(RemoteHost.name(in: queue.url)) takes samples more slowly than they come in, with all "
                        + "\(Int(min(queue.shards, 1e6))) shards of the queue (queueConfig.maxShards)")
            }
            found.append(delivery)
        }
        losing = lost
        let order = PodDelivery.State.allCases
        func rank(_ delivery: PodDelivery) -> Int { order.firstIndex(of: delivery.state) ?? 0 }
        guard var worst = found.max(by: { (rank($0), $0.behind) < (rank($1), $1.behind) }) else { return nil }
        worst.behind = found.map(\.behind).max() ?? 0
        worst.failed = found.map(\.failed).reduce(0, +)
        worst.dropped = found.map(\.dropped).reduce(0, +)
        // Its name changes with which of several is the worst, although nothing is wrong.
        if worst.state == .sending { worst.remoteWrite = nil }
        return worst
    }
}

/// What has happened to one remote write since the look before, or since the process started.
private struct QueueChange {
    var attempts: Double
    var failed: Double
    var retried: Double
    var dropped: Double
    /// Whether a newer sample was sent or refused.
    var hasProgressed: Bool
    /// How many seconds sending is behind; 0 if nothing waits.
    var behind: Double

    init(_ queue: AgentMetrics.Queue, since former: AgentMetrics.Queue?, newest: Double, started: Double) {
        let before = former ?? AgentMetrics.Queue()
        attempts = max(0, queue.attempts - before.attempts)
        failed = max(0, queue.failed - before.failed)
        retried = max(0, queue.retried - before.retried)
        dropped = max(0, queue.dropped - before.dropped)
        hasProgressed = queue.sent > before.sent
        // Between two batches something always waits, and a queue that gets a sample every ten minutes is not late.
        let waits = queue.pending > 0 && (before.pending > 0 || retried > 0)
        // Prometheus sends nothing from before its start.
        behind = waits ? max(0, newest - max(queue.sent, started)) : 0
    }

    /// What the remote write does; `hasLost` says whether it lost samples in the look before.
    func state(hasLost: Bool) -> PodDelivery.State {
        if failed > 0, failed * 2 >= attempts - retried { return .refused }
        if retried > 0, !hasProgressed { return .notSending }
        // A single refused batch, for example of old staleness markers, is shown in the figures.
        if failed > 0, hasLost { return .losing }
        return behind >= DeliveryLooks.longestDelay ? .behind : .sending
    }
}
