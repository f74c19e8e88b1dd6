import Kube

/// Whether agents deliver: what the answers of their pods concern.
extension Snapshot {
    /// What the pods of an agent were found to send, by pod.
    package func deliveries(of agent: ObjectKey) -> [ObjectKey: PodDelivery] { deliveries[agent] ?? [:] }

    /// What a pod sends concerns its agent.
    mutating func takeDelivery(_ delivery: PodDelivery?, of pod: ObjectKey, _ agent: ObjectKey) -> Set<PlanKey> {
        guard agents[agent] != nil, deliveries[agent]?[pod] != delivery else { return [] }
        deliveries[agent, default: [:]][pod] = delivery
        if deliveries[agent]?.isEmpty == true { deliveries[agent] = nil }
        return [.agent(agent)]
    }

    /// Jobs without targets concern their agent.
    mutating func takeIdleJobs(_ jobs: Set<String>, _ agent: ObjectKey) -> Set<PlanKey> {
        guard agents[agent] != nil, idleJobs[agent] != jobs else { return [] }
        idleJobs[agent] = jobs
        return [.agent(agent)]
    }
}
