/// A Kubernetes object of any kind as JSON: what client-go calls unstructured.
public struct Object: Sendable, Hashable, CustomStringConvertible {
    /// The whole object.
    public var json: JSON

    /// Creates an object from JSON without checks.
    public init(_ json: JSON) { self.json = json }

    /// Creates an object of a resource with metadata and the members of `content`.
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

    /// The API group and version, such as `apps/v1`; empty if missing.
    public var apiVersion: String { json["apiVersion"]?.string ?? "" }
    /// The kind, such as `StatefulSet`; empty if missing.
    public var kind: String { json["kind"]?.string ?? "" }
    /// The API group, empty for the core group.
    public var group: String { apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : "" }

    /// The `metadata.name`; empty if missing.
    public var name: String { json["metadata", "name"]?.string ?? "" }
    /// The `metadata.namespace`.
    public var namespace: String? { json["metadata", "namespace"]?.string }
    /// The `metadata.uid`.
    public var uid: String? { json["metadata", "uid"]?.string }
    /// The `metadata.resourceVersion`.
    public var resourceVersion: String? { json["metadata", "resourceVersion"]?.string }
    /// The `metadata.generation`.
    public var generation: Int? { json["metadata", "generation"]?.int }
    /// Whether the object has a `metadata.deletionTimestamp`.
    public var isBeingDeleted: Bool { json["metadata", "deletionTimestamp"]?.string != nil }
    /// The `metadata.labels`.
    public var labels: [String: String] { json["metadata", "labels"]?.strings ?? [:] }
    /// The `metadata.annotations`.
    public var annotations: [String: String] { json["metadata", "annotations"]?.strings ?? [:] }
    /// The `metadata.ownerReferences`, except malformed ones: they cannot identify an owner.
    public var ownerReferences: [OwnerReference] {
        (json["metadata", "ownerReferences"]?.array ?? []).compactMap { try? $0.decode(OwnerReference.self) }
    }
    /// The namespace and name.
    public var key: ObjectKey { ObjectKey(namespace: namespace ?? "", name: name) }

    /// The object's name for messages: `StatefulSet observability/receive-default`.
    public var description: String { "\(kind) \(key)" }
}
