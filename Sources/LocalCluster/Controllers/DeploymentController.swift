import Kube

/// Keeps a ReplicaSet for the template of a Deployment and scales down the ReplicaSets of earlier templates.
///
/// A rolling update creates all new pods first and deletes the old ones when the new ones are ready, whatever `maxSurge`
/// and `maxUnavailable` say.
struct DeploymentController {
    private let cluster: InProcessClient
    private let revisionKey = "deployment.kubernetes.io/revision"

    /// Creates a controller.
    init(cluster: InProcessClient) { self.cluster = cluster }

    /// Reconciles one Deployment.
    func reconcile(_ key: ObjectKey) throws(APIStatus) {
        guard let deployment = cluster.get(.deployments, key), !deployment.isBeingDeleted else { return }
        if deployment.json["spec", "paused"]?.bool != true { try rollOut(deployment) }
        guard let current = cluster.get(.deployments, key) else { return }
        try cluster.setStatus(.deployments, of: current, to: status(of: current))
    }

    private func rollOut(_ deployment: Object) throws(APIStatus) {
        let hash = PodTemplate(of: deployment).hash
        let sets = cluster.dependents(of: deployment, .replicaSets)
        let others = sets.filter { $0.labels["pod-template-hash"] != hash }
        let wanted = deployment.desiredReplicas
        let isRecreate = deployment.json["spec", "strategy", "type"]?.string == "Recreate"
        let oldPods = others.reduce(0) { $0 + cluster.dependents(of: $1, .pods).count }

        let revision = try revision(of: deployment, sets: sets, hash: hash)
        let scale = isRecreate && oldPods > 0 ? 0 : wanted
        var current: Object
        if let existing = sets.first(where: { $0.labels["pod-template-hash"] == hash }) {
            current = existing
            var changed = existing
            changed.json["spec", "replicas"] = JSON(scale)
            changed.json["metadata", "annotations", revisionKey] = .string(revision)
            if changed != existing { current = try cluster.update(.replicaSets, changed, subresource: nil) }
        } else {
            current = try cluster.create(
                .replicaSets, replicaSet(for: deployment, hash: hash, replicas: scale, revision: revision))
        }
        let isReady = (current.json["status", "readyReplicas"]?.int ?? 0) >= wanted
        for set in others where set.desiredReplicas > 0 && (isRecreate || isReady) {
            var set = set
            set.json["spec", "replicas"] = 0
            try cluster.update(.replicaSets, set, subresource: nil)
        }
        try forget(others, limit: deployment.json["spec", "revisionHistoryLimit"]?.int ?? 10)
    }

    /// The number of the current template among those that the Deployment had, which its annotations record.
    private func revision(of deployment: Object, sets: [Object], hash: String) throws(APIStatus) -> String {
        let highest = sets.map(recordedRevision).max() ?? 0
        let current = sets.first { $0.labels["pod-template-hash"] == hash }
        let isHighest = current.map { recordedRevision($0) == highest } ?? false
        let revision = isHighest || highest == .max ? highest : highest + 1
        if deployment.annotations[revisionKey] != "\(revision)" {
            var deployment = deployment
            deployment.json["metadata", "annotations", revisionKey] = .string("\(revision)")
            try cluster.update(.deployments, deployment, subresource: nil)
        }
        return "\(revision)"
    }

    /// The revision in the annotations of a ReplicaSet; 0 if there is none. Any client can write it.
    private func recordedRevision(_ set: Object) -> Int { Int(set.annotations[revisionKey] ?? "") ?? 0 }

    private func replicaSet(for deployment: Object, hash: String, replicas: Int, revision: String) -> Object {
        var template = deployment.json["spec", "template"] ?? [:]
        template["metadata", "labels", "pod-template-hash"] = .string(hash)
        var selector = deployment.json["spec", "selector"] ?? [:]
        selector["matchLabels", "pod-template-hash"] = .string(hash)
        let labels = template["metadata", "labels"]?.strings ?? [:]
        return Object(
            .replicaSets, namespace: deployment.namespace, name: "\(deployment.name)-\(hash)", labels: labels,
            annotations: [revisionKey: revision], ownerReferences: [deployment.asController],
            ["spec": ["replicas": JSON(replicas), "selector": selector, "template": template]])
    }

    /// Deletes the oldest ReplicaSets without pods beyond the history limit.
    private func forget(_ sets: [Object], limit: Int) throws(APIStatus) {
        let idle = sets.filter { $0.desiredReplicas == 0 && ($0.json["status", "replicas"]?.int ?? 0) == 0 }
            .sorted { recordedRevision($0) < recordedRevision($1) }
        for set in idle.dropLast(max(limit, 0)) { try cluster.delete(.replicaSets, set.key) }
    }

    private func status(of deployment: Object) -> JSON {
        let hash = PodTemplate(of: deployment).hash
        let sets = cluster.dependents(of: deployment, .replicaSets)
        func sum(_ sets: [Object], _ member: String) -> Int {
            sets.reduce(0) { $0 + ($1.json["status", member]?.int ?? 0) }
        }
        let wanted = deployment.desiredReplicas
        let total = sum(sets, "replicas")
        let available = sum(sets, "availableReplicas")
        let updated = sum(sets.filter { $0.labels["pod-template-hash"] == hash }, "replicas")
        let numbers = [
            ("replicas", total), ("updatedReplicas", updated), ("readyReplicas", sum(sets, "readyReplicas")),
            ("availableReplicas", available), ("unavailableReplicas", max(wanted, total) - available),
        ]
        var status: JSON = ["observedGeneration": JSON(deployment.generation ?? 0)]
        for (member, number) in numbers where number > 0 { status[member] = JSON(number) }
        let isDone = updated == wanted && total == wanted && available >= wanted
        let name = "\(deployment.name)-\(hash)"
        let observed = [
            Condition(
                type: "Available", status: available >= wanted ? .true : .false,
                reason: available >= wanted ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                message: "Deployment \(available >= wanted ? "has" : "does not have") minimum availability."),
            Condition(
                type: "Progressing", status: .true, reason: isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                message: "ReplicaSet \"\(name)\" \(isDone ? "has successfully progressed" : "is progressing")."),
        ]
        status["conditions"] = deployment.conditions(merging: observed)
        return status
    }
}
