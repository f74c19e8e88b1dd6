import Kube

/// Creates and deletes the pods of a StatefulSet, each with its ordinal.
///
/// Only a hash of the template identifies a revision, so a pod below the partition that has to be recreated gets the new
/// template.
struct StatefulSetController {
    private let cluster: InProcessClient
    private let revisionKey = "controller-revision-hash"

    /// The most pods that one pass creates. Each new pod leads to another pass.
    private static let burst = 500

    /// Creates a controller.
    init(cluster: InProcessClient) { self.cluster = cluster }

    /// Reconciles one StatefulSet.
    func reconcile(_ key: ObjectKey) throws(APIStatus) {
        guard let set = cluster.get(.statefulSets, key), !set.isBeingDeleted else { return }
        let revision = "\(set.name)-\(PodTemplate(of: set).hash)"
        try step(set, revision)
        try cluster.setStatus(.statefulSets, of: set, to: status(of: set, revision))
    }

    /// Takes the next step. Its change leads to the step after it.
    private func step(_ set: Object, _ revision: String) throws(APIStatus) {
        let isOrdered = set.json["spec", "podManagementPolicy"]?.string != "Parallel"
        let wanted = set.ordinals
        let pods = podsByOrdinal(set)
        var created = 0
        for number in wanted {
            if let pod = pods[number] {
                if pod.isBeingDeleted || isOrdered && !pod.isReadyPod {
                    if isOrdered { return }
                    continue
                }
            } else {
                try create(number, of: set, revision)
                created += 1
                if isOrdered || created == Self.burst { return }
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

    /// Deletes the pod with the highest ordinal that has an earlier template, if all pods above it are ready.
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

    /// Creates a claim. Claims stay when their pod is deleted, and the next pod with the same ordinal uses them.
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

    /// The pods of a StatefulSet by their ordinals. A pod with another name has none.
    private func podsByOrdinal(_ set: Object) -> [Int: Object] {
        var result: [Int: Object] = [:]
        for pod in cluster.dependents(of: set, .pods) where pod.name.hasPrefix("\(set.name)-") {
            guard let number = Int(pod.name.dropFirst(set.name.count + 1)), number >= 0,
                pod.name == "\(set.name)-\(number)"
            else { continue }
            result[number] = pod
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

extension Object {
    /// The ordinals of the pods of this StatefulSet. They end before the largest number, whatever the object says.
    fileprivate var ordinals: Range<Int> {
        let start = max(json["spec", "ordinals", "start"]?.int ?? 0, 0)
        let (end, isOverflow) = start.addingReportingOverflow(desiredReplicas)
        return start..<(isOverflow ? .max : end)
    }
}
