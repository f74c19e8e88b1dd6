import Kube

/// Keeps as many pods as a ReplicaSet wants.
struct ReplicaSetController {
    let cluster: any ClusterObjects

    func reconcile(_ key: ObjectKey) throws(APIStatus) {
        guard let set = cluster.get(.replicaSets, key), !set.isBeingDeleted else { return }
        let pods = cluster.dependents(of: set, .pods).filter { !$0.isBeingDeleted }
        let excess = pods.count - set.desiredReplicas
        if excess > 0 {
            for pod in pods.leastWantedFirst.prefix(excess) { try cluster.delete(.pods, pod.key) }
        } else if excess < 0 {
            let template = PodTemplate(of: set)
            for _ in excess..<0 {
                try cluster.create(.pods, template.pod(owner: set, prefix: set.name + "-"))
            }
        }
        let now = cluster.dependents(of: set, .pods).filter { !$0.isBeingDeleted }
        let ready = now.filter(\.isReadyPod).count
        var status: JSON = ["replicas": JSON(now.count), "observedGeneration": JSON(set.generation ?? 0)]
        if !now.isEmpty { status["fullyLabeledReplicas"] = JSON(now.count) }
        if ready > 0 {
            status["readyReplicas"] = JSON(ready)
            status["availableReplicas"] = JSON(ready)
        }
        try cluster.setStatus(.replicaSets, of: set, to: status)
    }
}
