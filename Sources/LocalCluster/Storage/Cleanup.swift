import Kube

/// Work for ``GarbageCollector`` that a change to an object may cause.
enum Cleanup: Sendable, Hashable {
    /// The owner with this UID is gone; its dependents may have to go, too.
    case ownerGone(uid: String)
    /// The object names an owner that may not exist.
    case orphaned(ObjectLocation)
    /// The owner with this UID is being deleted and waits for its dependents.
    case owner(uid: String)
    /// The namespace is being deleted and may still hold objects.
    case namespace(String)
    /// The CustomResourceDefinition is being deleted and may still have objects.
    case definition(String)

    /// The work that a change may cause. The garbage collector finds out whether there is anything to do.
    static func after(_ event: StoredEvent, _ collection: CollectionKey) -> [Cleanup] {
        var work: [Cleanup] = []
        if let object = event.new?.object {
            let isBeingDeleted = object.isBeingDeleted
            if isBeingDeleted, collection == CollectionKey(.namespaces) { work.append(.namespace(event.key.name)) }
            if isBeingDeleted, collection == CollectionKey(.customResourceDefinitions) {
                work.append(.definition(event.key.name))
            }
            if isBeingDeleted, object.waitsForDependents, let uid = object.uid { work.append(.owner(uid: uid)) }
            if !object.ownerUIDs.isEmpty, event.old?.object.ownerUIDs != object.ownerUIDs {
                work.append(.orphaned(ObjectLocation(collection, event.key)))
            }
        } else if let object = event.old?.object {
            if let uid = object.uid { work.append(.ownerGone(uid: uid)) }
            work += object.ownerUIDs.map { .owner(uid: $0) }
            if !event.key.namespace.isEmpty { work.append(.namespace(event.key.namespace)) }
            if !collection.group.isEmpty { work.append(.definition("\(collection.plural).\(collection.group)")) }
        }
        return work
    }
}

/// The finalizers of the API server itself.
enum Finalizer {
    /// The owner waits until its dependents are deleted.
    static let foreground = "foregroundDeletion"
    /// The owner waits until its dependents no longer name it.
    static let orphan = "orphan"
    /// The CustomResourceDefinition waits until its objects are deleted.
    static let customResources = "customresourcecleanup.apiextensions.k8s.io"
}

extension Object {
    /// Whether the object waits for the objects that it owns before it can go.
    var waitsForDependents: Bool {
        finalizers.contains { $0 == Finalizer.foreground || $0 == Finalizer.orphan }
    }

    /// The UIDs in the owner references. They are read without decoding, since this happens on every write.
    var ownerUIDs: [String] { json["metadata", "ownerReferences"]?.array?.compactMap { $0["uid"]?.string } ?? [] }

    /// The finalizers: the object stays until they are removed.
    var finalizers: [String] { json["metadata", "finalizers"]?.array?.compactMap(\.string) ?? [] }
}
