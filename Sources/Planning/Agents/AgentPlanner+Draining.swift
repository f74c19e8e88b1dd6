import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// A shard's workload as it is now; nil where there is none.
    func workload(ofShard shard: Int) -> Workload? {
        snapshot.workloads[WorkloadKey(agent.mode.resource, workloadKey(ofShard: shard))]
    }

    private func workloadKey(ofShard shard: Int) -> ObjectKey {
        ObjectKey(namespace: owner.namespace, name: AgentNames.name(of: agent.metadata.name, shard: shard))
    }

    /// The shards beyond those that are wanted which have something left to send; notes what a person should know of
    /// them, and asks to be planned again when the time of the first of them is over.
    mutating func draining() -> [DrainingShard] {
        var draining: [DrainingShard] = []
        for shard in drainingShards where !snapshot.drained.contains(workloadKey(ofShard: shard.number)) {
            let rest = shard.until.since(snapshot.now)
            guard rest > .zero else {
                plan.diagnostics.append(
                    .warning(
                        about, "spec.drainTimeout", "DrainTimedOut",
                        "shard \(shard.number) goes after \(agent.drainTimeout), though it has not said that it has "
                            + "sent everything"))
                continue
            }
            if let silence = shard.silence { plan.diagnostics.append(shard.notAnswering(silence, about)) }
            plan.recheck(after: rest)
            draining.append(shard)
        }
        return draining
    }

    /// The shards beyond those that are wanted whose workloads are there.
    private var drainingShards: [DrainingShard] {
        let timeout = PrometheusDuration(agent.drainTimeout) ?? PrometheusDuration(DrainingShard.longest)
        let longest = Duration.milliseconds(timeout?.milliseconds ?? 0)
        return (agent.shards..<max(agent.shards, AgentWorkload.mostShards)).compactMap { number in
            workload(ofShard: number).map { workload in
                let since = workload.drainingSince ?? snapshot.now
                return DrainingShard(
                    number: number, since: since, until: since.advanced(by: longest),
                    silence: snapshot.silentDrains[workloadKey(ofShard: number)])
            }
        }
    }
}
