import Kube
import Logging
import Observability

/// Sends writes to all replicas of the central Prometheus, and makes one answer of theirs.
final class Replicas: Sendable {
    private let upstreams: [Upstream]
    private let states: Locked<ReplicaStates>
    private let up: Gauge
    private let missed: Counter
    private let logger: Logger
    private let patience: Duration

    init(_ configuration: RelayConfiguration, registry: MetricsRegistry, logger: Logger) {
        let upstreams = configuration.upstreams.map {
            Upstream(
                $0, authoritiesFile: configuration.authoritiesFile, login: configuration.login,
                timeout: configuration.upstreamTimeout)
        }
        self.upstreams = upstreams
        self.logger = logger
        patience = configuration.replicaPatience
        let states = Locked(ReplicaStates(count: upstreams.count, patience: patience))
        self.states = states
        let up = registry.gauge(
            "tributary_relay_replica_up",
            help: "1 if a replica of the central Prometheus took part in the last write, partitioned by replica.",
            labels: ["replica"])
        self.up = up
        missed = registry.counter(
            "tributary_relay_missed_writes_total",
            help: "Number of writes that succeeded without a replica that was down, partitioned by replica.",
            labels: ["replica"])
        for upstream in upstreams { missed.increment(upstream.host, by: 0) }
        registry.beforeScrape {
            let current = states.withLock(\.self)
            for (index, upstream) in upstreams.enumerated() {
                up.set(upstream.host, to: current.isUp(index) ? 1 : 0)
            }
        }
    }

    func shutdown() async { for upstream in upstreams { await upstream.shutdown() } }

    /// The answer to a write: the worst one of the replicas that it has to reach.
    func send(_ body: [UInt8], for request: RelayRequest) async -> RelayAnswer {
        let parts = states.withLock { $0.parts() }
        for (index, part) in parts.enumerated() where part == .probe {
            // Nobody waits for the answer, and there is one such write at a time for each replica.
            Task { note([(index, await upstreams[index].send(body, for: request).isThere)]) }
        }
        let sent = await answers(body, request, of: parts.indices.filter { parts[$0] == .required })
        note(sent.map { ($0.replica, $0.reply.isThere) })
        // One that was lost for long enough by now does not count.
        let counted = states.withLock { states in sent.filter { $0.reply.isThere || states.isRequired($0.replica) } }
        let answer = RelayAnswer.worst(of: counted.map(\.reply.answer))
        if (200..<300).contains(answer.status) {
            let reached = Set(sent.lazy.filter(\.reply.isThere).map(\.replica))
            for index in upstreams.indices where !reached.contains(index) { missed.increment(upstreams[index].host) }
        }
        return answer
    }

    private func answers(
        _ body: [UInt8], _ request: RelayRequest, of replicas: [Int]
    ) async -> [(replica: Int, reply: Upstream.Reply)] {
        if replicas.count == 1 { return [(replicas[0], await upstreams[replicas[0]].send(body, for: request))] }
        return await withTaskGroup(of: (Int, Upstream.Reply).self) { group in
            for index in replicas { group.addTask { (index, await self.upstreams[index].send(body, for: request)) } }
            var found: [(replica: Int, reply: Upstream.Reply)] = []
            for await (index, reply) in group { found.append((index, reply)) }
            return found.sorted { $0.replica < $1.replica }
        }
    }

    private func note(_ found: [(replica: Int, isThere: Bool)]) {
        for event in states.withLock({ $0.note(found, at: .now) }) {
            switch event {
            case .lost(let index):
                logger.warning(
                    "the central Prometheus cannot be reached",
                    metadata: ["replica": "\(upstreams[index].host)", "error": "\(upstreams[index].lastError)"])
            case .left(let index):
                logger.warning(
                    "writes go on without a replica of the central Prometheus, which gets a gap",
                    metadata: ["replica": "\(upstreams[index].host)", "waited": "\(patience)"])
            case .back(let index):
                logger.info(
                    "the central Prometheus can be reached again", metadata: ["replica": "\(upstreams[index].host)"])
            }
        }
    }
}

extension RelayAnswer {
    /// The answer to a write from those of several replicas. As long as one may take the write later, the sender should
    /// send it again, which changes nothing where it is stored already. After that, a refusal counts.
    static func worst(of answers: [RelayAnswer]) -> RelayAnswer {
        func badness(_ answer: RelayAnswer) -> Int {
            switch answer.status {
            case 500..., 429: 2
            case 400..<500: 1
            default: 0
            }
        }
        guard var worst = answers.first else {
            return .refused(503, "no replica of the central Prometheus can be reached")
        }
        for answer in answers.dropFirst() where badness(answer) > badness(worst) { worst = answer }
        return worst
    }
}
