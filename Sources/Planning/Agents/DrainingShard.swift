import Kube
import PrometheusConfig
import TributaryAPI

/// A shard that is taken away: it scrapes nothing any more, and goes once it has sent what its write-ahead log holds.
///
/// The others scrape its targets from the moment on that it stops. What it could not send, because the link was down, is
/// still on its disk; prometheus-operator deletes that with the shard.
struct DrainingShard {
    var number: Int
    /// Since when it scrapes nothing.
    var since: Timestamp

    /// On its StatefulSet: since when it drains.
    static let annotation = "tributary.dev/draining-since"
    /// What an agent keeps at most by itself: `--storage.agent.retention.max-time`.
    static let longest = Duration.seconds(2 * 3600)
}

extension AgentMode {
    /// The kind of the workload.
    var resource: Resource {
        switch self {
        case .statefulSet: .statefulSets
        case .deployment: .deployments
        case .daemonSet: .daemonSets
        }
    }
}

extension Snapshot {
    /// A shard's workload as it is now; nil where there is none.
    func workload(of agent: PrometheusAgent, shard: Int) -> Workload? {
        workloads[WorkloadKey(agent.mode.resource, workloadKey(of: agent, shard: shard))]
    }

    func workloadKey(of agent: PrometheusAgent, shard: Int) -> ObjectKey {
        ObjectKey(
            namespace: agent.metadata.namespace ?? "default",
            name: AgentWorkload.name(of: agent.metadata.name, shard: shard))
    }

    /// The shards beyond those that are wanted which have something left to send; asks to be planned again when the
    /// time of the first of them is over.
    func draining(of agent: PrometheusAgent, _ plan: inout Plan) -> [DrainingShard] {
        let longest =
            agent.spec.drainTimeout.flatMap { PrometheusDuration($0) }
            .map { Duration.milliseconds($0.milliseconds) } ?? DrainingShard.longest
        return drainingShards(of: agent).filter { shard in
            let rest = longest - now.since(shard.since)
            guard rest > .zero, !drained.contains(workloadKey(of: agent, shard: shard.number)) else { return false }
            plan.recheckAfter = min(rest, plan.recheckAfter ?? rest)
            return true
        }
    }

    /// The shards beyond those that are wanted whose workloads are there.
    func drainingShards(of agent: PrometheusAgent) -> [DrainingShard] {
        (agent.shards..<max(agent.shards, AgentWorkload.mostShards)).compactMap { number in
            workload(of: agent, shard: number).map { DrainingShard(number: number, since: $0.drainingSince ?? now) }
        }
    }
}
