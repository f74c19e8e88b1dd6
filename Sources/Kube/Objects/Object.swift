/// A Kubernetes object of any kind, held as JSON: what client-go calls unstructured.
public struct Object: Sendable, Hashable, CustomStringConvertible {
    /// The whole object.
    public var json: JSON

    /// An object from JSON; nothing is checked.
    public init(_ json: JSON) { self.json = json }

    /// An object of a resource with a name, and with the members of `content` beside its metadata.
    public init(
        _ resource: Resource, namespace: String? = nil, name: String, labels: [String: String] = [:],
        annotations: [String: String] = [:], ownerReferences: [OwnerReference] = [], _ content: JSON = [:]
    ) {
        var metadata: JSON = ["name": .string(name)]
        if let namespace, resource.isNamespaced { metadata["namespace"] = .string(namespace) }
        if !labels.isEmpty { metadata["labels"] = JSON(labels) }
        if !annotations.isEmpty { metadata["annotations"] = JSON(annotations) }
        if !ownerReferences.isEmpty { metadata["ownerReferences"] = .array(ownerReferences.map(\.json)) }
        json = ["apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "metadata": metadata]
        for (key, value) in content.object ?? [:] { json[key] = value }
    }

    public var apiVersion: String { json["apiVersion"]?.string ?? "" }
    public var kind: String { json["kind"]?.string ?? "" }
    /// The API group, empty for the core group.
    public var group: String { apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : "" }

    public var name: String { json["metadata", "name"]?.string ?? "" }
    public var namespace: String? { json["metadata", "namespace"]?.string }
    public var uid: String? { json["metadata", "uid"]?.string }
    public var resourceVersion: String? { json["metadata", "resourceVersion"]?.string }
    public var generation: Int? { json["metadata", "generation"]?.int }
    public var isBeingDeleted: Bool { json["metadata", "deletionTimestamp"]?.string != nil }
    public var labels: [String: String] { json["metadata", "labels"]?.strings ?? [:] }
    public var annotations: [String: String] { json["metadata", "annotations"]?.strings ?? [:] }
    /// The owners, without those that cannot be read.
    public var ownerReferences: [OwnerReference] {
        (json["metadata", "ownerReferences"]?.array ?? []).compactMap { try? $0.decode(OwnerReference.self) }
    }
    /// The namespace and name.
    public var key: ObjectKey { ObjectKey(namespace: namespace ?? "", name: name) }

    /// The object as messages name it: `StatefulSet observability/receive-default`.
    public var description: String { "\(kind) \(key)" }
}

extension OwnerReference {
    /// The reference as it stands in an object's metadata.
    public var json: JSON {
        var json: JSON = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if let controller { json["controller"] = .bool(controller) }
        if let blockOwnerDeletion { json["blockOwnerDeletion"] = .bool(blockOwnerDeletion) }
        return json
    }
}
