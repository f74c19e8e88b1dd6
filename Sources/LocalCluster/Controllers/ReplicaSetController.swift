import Kube

/// Creates and deletes pods until a ReplicaSet has the desired number.
struct ReplicaSetController {
    let cluster: InProcessClient

    /// The most pods that one pass creates, as in kube-controller-manager. Each new pod leads to another pass.
    private static let burst = 500

    /// Reconciles one ReplicaSet.
    func reconcile(_ key: ObjectKey) throws(APIStatus) {
        guard let set = cluster.get(.replicaSets, key), !set.isBeingDeleted else { return }
        let pods = cluster.dependents(of: set, .pods).filter { !$0.isBeingDeleted }
        let excess = pods.count - set.desiredReplicas
        if excess > 0 {
            for pod in pods.leastWantedFirst.prefix(excess) { try cluster.delete(.pods, pod.key) }
        } else if excess < 0 {
            let template = PodTemplate(of: set)
            for _ in 0..<min(-excess, Self.burst) {
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
