import Kube

/// The pod template of a workload.
struct PodTemplate {
    private let template: JSON

    /// The template of a workload.
    init(of workload: Object) { template = workload.json["spec", "template"] ?? [:] }

    /// A short hash, equal for equal templates, for labels and names.
    var hash: String {
        var json = template
        json["metadata", "labels", "pod-template-hash"] = nil
        return NameSuffix.encoding(FNV1a.hash64(json.encoded(.init(sortsKeys: true))), length: 10)
    }

    /// A pod from this template. Without a name, the server generates one that begins with `prefix`.
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
