/// The metadata of an object: the fields of `meta/v1` ObjectMeta that operators use.
public struct ObjectMeta: Sendable, Hashable, Codable {
    /// The name, unique within the namespace and kind.
    public var name: String
    /// The namespace; nil for cluster-scoped kinds.
    public var namespace: String?
    /// The unique ID that the API server assigned.
    public var uid: String?
    /// The version of the object, which changes with every write.
    public var resourceVersion: String?
    /// The generation, which changes with the desired state.
    public var generation: Int64?
    /// When the object was created, in RFC 3339.
    public var creationTimestamp: String?
    /// When deletion was requested, in RFC 3339; nil if the object is not being deleted.
    public var deletionTimestamp: String?
    /// The labels.
    public var labels: [String: String]?
    /// The annotations.
    public var annotations: [String: String]?
    /// The owners, whose deletion also deletes this object.
    public var ownerReferences: [OwnerReference]?
    /// The finalizers, which must be removed before the object is deleted.
    public var finalizers: [String]?

    /// Metadata of an object that does not exist yet.
    public init(
        name: String, namespace: String? = nil, labels: [String: String]? = nil,
        annotations: [String: String]? = nil, ownerReferences: [OwnerReference]? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.annotations = annotations
        self.ownerReferences = ownerReferences
    }

    /// The namespace and name.
    public var key: ObjectKey { ObjectKey(namespace: namespace ?? "", name: name) }
}
