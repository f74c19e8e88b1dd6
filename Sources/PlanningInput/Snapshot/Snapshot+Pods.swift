import Kube
package import Receivers

/// The pods of the workloads that Tributary made: what a change of one concerns.
extension Snapshot {
    /// Why some pods of a component are not ready, by pod.
    package func troubles(of group: PodGroup) -> [ObjectKey: PodTrouble] { podTroubles[group] ?? [:] }

    /// The trouble of a pod concerns the custom resource that its workload was made for. Its labels do not say of which
    /// kind that is.
    mutating func takePodTrouble(_ trouble: PodTrouble?, of pod: ObjectKey, in group: PodGroup) -> Set<PlanKey> {
        guard podTroubles[group]?[pod] != trouble else { return [] }
        podTroubles[group, default: [:]][pod] = trouble
        if podTroubles[group]?.isEmpty == true { podTroubles[group] = nil }
        let owner = group.owner
        var keys: Set<PlanKey> = []
        if globalViews[owner] != nil { keys.insert(.globalView(owner)) }
        if tenants[owner] != nil { keys.insert(.tenant(owner)) }
        if agents[owner] != nil { keys.insert(.agent(owner)) }
        return keys
    }

    /// Since when pods of a central Prometheus have been ready, by pod.
    package func readySince(_ group: PodGroup) -> [ObjectKey: Timestamp] { readyPods[group] ?? [:] }

    /// Whether a pod of a central Prometheus is ready concerns its view, whose queries go to one of them.
    mutating func takeReadyPod(_ pod: ObjectKey, since: Timestamp?, in group: PodGroup) -> Set<PlanKey> {
        guard readyPods[group]?[pod] != since else { return [] }
        readyPods[group, default: [:]][pod] = since
        if readyPods[group]?.isEmpty == true { readyPods[group] = nil }
        return globalViews[group.owner] == nil ? [] : [.globalView(group.owner)]
    }
}
