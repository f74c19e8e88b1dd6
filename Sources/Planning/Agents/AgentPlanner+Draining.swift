import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// A shard's workload as it is now; nil if it does not exist.
    func workload(ofShard shard: Int) -> Workload? {
        snapshot.workloads[WorkloadKey(agent.mode.resource, workloadKey(ofShard: shard))]
    }

    private func workloadKey(ofShard shard: Int) -> ObjectKey {
        ObjectKey(namespace: owner.namespace, name: AgentNames.name(of: agent.metadata.name, shard: shard))
    }

    /// The shards beyond `spec.shards` that still have samples to send. Adds diagnostics about them, and schedules the
    /// next plan for when the first drain timeout ends.
    mutating func draining() -> [DrainingShard] {
        var draining: [DrainingShard] = []
        for shard in drainingShards where !snapshot.drained.contains(workloadKey(ofShard: shard.number)) {
            let rest = shard.until.since(snapshot.now)
            guard rest > .zero else {
                plan.diagnostics.append(
                    .happened(
                        about, "spec.drainTimeout", "DrainTimedOut",
                        "shard \(shard.number) is removed after \(agent.drainTimeout), although it has not "
                            + "reported that it has sent everything"))
                continue
            }
            if let silence = shard.silence { plan.diagnostics.append(shard.notAnswering(silence, about)) }
            plan.recheck(after: rest)
            draining.append(shard)
        }
        return draining
    }

    /// The shards beyond `spec.shards` whose workloads exist.
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
