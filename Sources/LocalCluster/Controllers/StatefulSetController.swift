import Kube

/// Keeps the pods of a StatefulSet, each under its number.
///
/// Revisions of the template are told apart by a hash only: a pod below the partition that has to be made again is made of
/// the new template.
struct StatefulSetController {
    let cluster: any ClusterObjects
    private let revisionKey = "controller-revision-hash"

    init(cluster: any ClusterObjects) { self.cluster = cluster }

    func reconcile(_ key: ObjectKey) throws(APIStatus) {
        guard let set = cluster.get(.statefulSets, key), !set.isBeingDeleted else { return }
        let revision = "\(set.name)-\(PodTemplate(of: set).hash)"
        try step(set, revision)
        try cluster.setStatus(.statefulSets, of: set, to: status(of: set, revision))
    }

    /// Makes or removes what is next; the change that this is leads to the step after it.
    private func step(_ set: Object, _ revision: String) throws(APIStatus) {
        let isOrdered = set.json["spec", "podManagementPolicy"]?.string != "Parallel"
        let start = set.json["spec", "ordinals", "start"]?.int ?? 0
        let wanted = start..<(start + max(set.desiredReplicas, 0))
        let pods = numbered(set)
        for number in wanted {
            if let pod = pods[number] {
                if pod.isBeingDeleted || isOrdered && !pod.isReadyPod {
                    if isOrdered { return }
                    continue
                }
            } else {
                try create(number, of: set, revision)
                if isOrdered { return }
            }
        }
        let condemned = pods.keys.filter { !wanted.contains($0) }.sorted(by: >)
        for number in condemned {
            guard let pod = pods[number] else { continue }
            if !pod.isBeingDeleted { try cluster.delete(.pods, pod.key) }
            if isOrdered { return }
        }
        try update(set, pods.filter { wanted.contains($0.key) }, revision)
    }

    /// Removes the pod with the highest number that is of an earlier template, once all others are ready.
    private func update(_ set: Object, _ pods: [Int: Object], _ revision: String) throws(APIStatus) {
        guard set.json["spec", "updateStrategy", "type"]?.string != "OnDelete" else { return }
        let partition = set.json["spec", "updateStrategy", "rollingUpdate", "partition"]?.int ?? 0
        for (number, pod) in pods.sorted(by: { $0.key > $1.key }) where number >= partition {
            if pod.labels[revisionKey] != revision {
                if !pod.isBeingDeleted { try cluster.delete(.pods, pod.key) }
                return
            }
            if !pod.isReadyPod { return }
        }
    }

    private func create(_ number: Int, of set: Object, _ revision: String) throws(APIStatus) {
        let name = "\(set.name)-\(number)"
        var pod = PodTemplate(of: set).pod(
            owner: set, name: name,
            labels: [
                revisionKey: revision, "statefulset.kubernetes.io/pod-name": name,
                "apps.kubernetes.io/pod-index": "\(number)",
            ])
        pod.json["spec", "hostname"] = .string(name)
        if let service = set.json["spec", "serviceName"] { pod.json["spec", "subdomain"] = service }
        var volumes = pod.json["spec", "volumes"]?.array ?? []
        for claim in set.json["spec", "volumeClaimTemplates"]?.array ?? [] {
            guard let template = claim["metadata", "name"]?.string else { continue }
            let claimName = "\(template)-\(name)"
            try createClaim(claimName, claim, of: set)
            volumes.removeAll { $0["name"]?.string == template }
            volumes.append(["name": .string(template), "persistentVolumeClaim": ["claimName": .string(claimName)]])
        }
        if !volumes.isEmpty { pod.json["spec", "volumes"] = .array(volumes) }
        try cluster.create(.pods, pod)
    }

    /// Claims stay when their pod goes, and are taken up again by the next one of its number.
    private func createClaim(_ name: String, _ template: JSON, of set: Object) throws(APIStatus) {
        let key = ObjectKey(namespace: set.namespace ?? "", name: name)
        guard cluster.get(.persistentVolumeClaims, key) == nil else { return }
        var labels = set.json["spec", "selector", "matchLabels"]?.strings ?? [:]
        labels.merge(template["metadata", "labels"]?.strings ?? [:]) { $1 }
        let claim = try cluster.create(
            .persistentVolumeClaims,
            Object(
                .persistentVolumeClaims, namespace: set.namespace, name: name, labels: labels,
                ["spec": template["spec"] ?? [:]]))
        try cluster.setStatus(
            .persistentVolumeClaims, of: claim,
            to: [
                "phase": "Bound", "accessModes": claim.json["spec", "accessModes"] ?? [],
                "capacity": claim.json["spec", "resources", "requests"] ?? [:],
            ])
    }

    private func numbered(_ set: Object) -> [Int: Object] {
        var result: [Int: Object] = [:]
        for pod in cluster.dependents(of: set, .pods) {
            if let number = Int(pod.name.dropFirst(set.name.count + 1)) { result[number] = pod }
        }
        return result
    }

    private func status(of set: Object, _ revision: String) -> JSON {
        let pods = cluster.dependents(of: set, .pods).filter { !$0.isBeingDeleted }
        let ready = pods.filter(\.isReadyPod).count
        let updated = pods.filter { $0.labels[revisionKey] == revision }
        let before = set.json["status", "currentRevision"]?.string ?? revision
        let isDone = updated.count == set.desiredReplicas && pods.count == updated.count && ready == pods.count
        let current = isDone ? revision : before
        var status: JSON = [
            "observedGeneration": JSON(set.generation ?? 0), "replicas": JSON(pods.count),
            "availableReplicas": JSON(ready), "collisionCount": 0, "currentRevision": .string(current),
            "updateRevision": .string(revision),
        ]
        let numbers = [
            ("readyReplicas", ready), ("updatedReplicas", updated.count),
            ("currentReplicas", pods.filter { $0.labels[revisionKey] == current }.count),
        ]
        for (member, number) in numbers where number > 0 { status[member] = JSON(number) }
        return status
    }
}
