import Kube

/// A change to an object, as the store tells it.
struct ObjectChange: Sendable {
    /// What happened to the object.
    enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    var kind: Kind
    /// The resource in whose version the object stands.
    var resource: Resource
    /// The object after the change; the last state of one that was deleted.
    var object: Object
}

/// What controllers that run inside of the cluster's process do to its objects; ``ClusterAccess`` does it.
///
/// Writes go through the same rules as those that come by HTTP: names, schemas, generation, managed fields.
protocol ClusterObjects: Sendable {
    /// The object, or nil where it is not there.
    func get(_ resource: Resource, _ key: ObjectKey) -> Object?
    /// All objects, of one namespace or of all, in the order of their keys.
    func list(_ resource: Resource, namespace: String?) -> [Object]
    /// Makes an object; `metadata.generateName` is understood.
    @discardableResult
    func create(_ resource: Resource, _ object: Object) throws(APIStatus) -> Object
    /// Replaces an object; a `metadata.resourceVersion` that is there must be the latest.
    @discardableResult
    func update(_ resource: Resource, _ object: Object, subresource: String?) throws(APIStatus) -> Object
    /// Deletes an object; nothing happens where it is not there.
    func delete(_ resource: Resource, _ key: ObjectKey) throws(APIStatus)
    /// The objects that are there as `added`, then every change, until the consuming task is cancelled.
    func watch(_ resources: [Resource]) -> AsyncStream<ObjectChange>
}
