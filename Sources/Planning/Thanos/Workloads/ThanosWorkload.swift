import Kube
import PlanningInput

/// A Deployment or StatefulSet of Thanos in a plan: what its readiness follows from.
struct ThanosWorkload {
    let key: WorkloadKey
    /// What messages call it.
    let name: String
    private let pods: PodGroup?

    init(_ object: Object, _ resource: Resource, called name: String) {
        key = WorkloadKey(resource, object.key)
        self.name = name
        pods = PodGroup(object)
    }

    /// Whether all its pods are ready.
    func readiness(in snapshot: Snapshot) -> Readiness {
        // The pods of several workloads can be one group.
        let troubles = pods.map { snapshot.troubles(of: $0) } ?? [:]
        let own = troubles.filter { $0.key.name.hasPrefix("\(key.key.name)-") }
        return Readiness.of(snapshot.workloads[key], called: name, own)
    }

    /// The first readiness that is not ready, or the last one; nil without workloads.
    static func readiness(of workloads: [ThanosWorkload], in snapshot: Snapshot) -> Readiness? {
        var last: Readiness?
        for workload in workloads {
            let readiness = workload.readiness(in: snapshot)
            guard case .ready = readiness else { return readiness }
            last = readiness
        }
        return last
    }
}
