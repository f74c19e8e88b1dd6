import Kube
import PlanningInput

/// A Deployment or StatefulSet that Tributary made, and whose it is by its labels.
package struct PlacedWorkload: Sendable, Hashable {
    package var key: ObjectKey
    package var group: PodGroup
    /// How far it is; nil for one that is only planned.
    package var progress: Workload?
    /// How many pods it asks for.
    package var desired: Int
    /// The hashring of receivers; nil for anything else.
    package var hashring: String?

    /// A workload that a cluster has.
    package init(key: ObjectKey, group: PodGroup, progress: Workload) {
        self.key = key
        self.group = group
        self.progress = progress
        desired = progress.desired
    }

    /// Reads a workload; nil if Tributary did not make it. `isPlanned` says that no cluster has it.
    package init?(_ object: Object, isPlanned: Bool) {
        guard [Resource.deployments.kind, Resource.statefulSets.kind].contains(object.kind),
            let group = PodGroup(object)
        else { return nil }
        let progress = Workload(object)
        self.init(key: object.key, group: group, progress: progress)
        if isPlanned { self.progress = nil }
        hashring = object.labels[Names.hashringLabel]
    }
}
