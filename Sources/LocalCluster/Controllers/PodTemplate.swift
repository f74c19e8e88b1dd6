import Kube

extension Object {
    /// The owner that makes and removes this object.
    var controllerReference: OwnerReference? { ownerReferences.first { $0.controller == true } }

    /// This object as the owner of another.
    var asController: OwnerReference {
        OwnerReference(
            apiVersion: apiVersion, kind: kind, name: name, uid: uid ?? "", controller: true, blockOwnerDeletion: true)
    }

    /// Whether a condition is true.
    func hasCondition(_ type: String) -> Bool {
        (json["status", "conditions"]?.array ?? []).contains {
            $0["type"]?.string == type && $0["status"]?.string == "True"
        }
    }

    /// Whether a pod runs and is ready.
    var isReadyPod: Bool { json["status", "phase"]?.string == "Running" && hasCondition("Ready") && !isBeingDeleted }

    /// How many replicas a workload should have.
    var desiredReplicas: Int { json["spec", "replicas"]?.int ?? 1 }

    /// Which pods a workload takes for its own.
    var selector: LabelSelector? { try? json["spec", "selector"]?.decode(LabelSelector.self) }
}

extension ClusterObjects {
    /// The objects in a namespace that one other makes and removes.
    func dependents(of owner: Object, _ resource: Resource) -> [Object] {
        list(resource, namespace: owner.namespace).filter { $0.controllerReference?.uid == owner.uid }
    }

    /// Sets an object's status where it differs.
    func setStatus(_ resource: Resource, of object: Object, to status: JSON) throws(APIStatus) {
        guard object.json["status"] != status else { return }
        var object = object
        object.json["status"] = status
        try update(resource, object, subresource: "status")
    }
}

/// A pod's template in a workload.
struct PodTemplate {
    private let template: JSON

    init(of workload: Object) { template = workload.json["spec", "template"] ?? [:] }

    /// A short text that is the same for equal templates: the value of labels, and part of names.
    var hash: String {
        var json = template
        json["metadata", "labels", "pod-template-hash"] = nil
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in json.encoded(.init(sortsKeys: true)) { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        var text = ""
        for _ in 0..<10 {
            text.append(alphabet[Int(hash % UInt64(alphabet.count))])
            hash /= UInt64(alphabet.count)
        }
        return text
    }

    /// A pod of this template; without a name one is made up that begins with `prefix`.
    func pod(owner: Object, name: String? = nil, prefix: String? = nil, labels: [String: String] = [:]) -> Object {
        var metadata = template["metadata"] ?? [:]
        if let name { metadata["name"] = .string(name) }
        if let prefix { metadata["generateName"] = .string(prefix) }
        metadata["namespace"] = .string(owner.namespace ?? "")
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) { metadata["labels", key] = .string(value) }
        metadata["ownerReferences"] = [owner.asController.json]
        return Object([
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"] ?? [:],
        ])
    }
}

extension [Object] {
    /// Pods in the order in which they are given up: those that are not ready first, then the youngest.
    var leastWantedFirst: [Object] {
        sorted { left, right in
            if left.isReadyPod != right.isReadyPod { return !left.isReadyPod }
            let (a, b) = (
                left.json["metadata", "creationTimestamp"]?.string ?? "",
                right.json["metadata", "creationTimestamp"]?.string ?? ""
            )
            return a == b ? left.name > right.name : a > b
        }
    }
}
