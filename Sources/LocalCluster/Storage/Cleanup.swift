import Kube

/// Something that a change leaves to be cleaned up, by ``Janitor``.
enum Chore: Sendable, Hashable {
    /// An owner is gone: its dependents may have to go too.
    case ownerGone(uid: String)
    /// An object names an owner that does not exist.
    case orphaned(StoreState.Located)
    /// An owner that is being deleted waits for its dependents to go, or to be given up.
    case owner(uid: String)
    /// A namespace that is being deleted may have become empty, or has still to be emptied.
    case namespace(String)
    /// A CustomResourceDefinition that is being deleted may have lost its last object, or has still to lose them.
    case definition(String)

    /// What a change leaves; whether there is really something to do is seen later.
    static func after(_ event: StoredEvent, _ collection: CollectionKey) -> [Chore] {
        var chores: [Chore] = []
        if let object = event.new?.object {
            let isGoing = object.isBeingDeleted
            if isGoing, collection == CollectionKey(.namespaces) { chores.append(.namespace(event.key.name)) }
            if isGoing, collection == CollectionKey(.customResourceDefinitions) {
                chores.append(.definition(event.key.name))
            }
            if isGoing, object.waitsForDependents, let uid = object.uid { chores.append(.owner(uid: uid)) }
            if !object.ownerUIDs.isEmpty, event.old?.object.ownerUIDs != object.ownerUIDs {
                chores.append(.orphaned(StoreState.Located(collection: collection, key: event.key)))
            }
        } else if let object = event.old?.object {
            if let uid = object.uid { chores.append(.ownerGone(uid: uid)) }
            chores += object.ownerUIDs.map { .owner(uid: $0) }
            if !event.key.namespace.isEmpty { chores.append(.namespace(event.key.namespace)) }
            if !collection.group.isEmpty { chores.append(.definition("\(collection.plural).\(collection.group)")) }
        }
        return chores
    }
}

/// The finalizers that the API server itself knows.
enum Finalizer {
    static let foreground = "foregroundDeletion"
    static let orphan = "orphan"
    static let customResources = "customresourcecleanup.apiextensions.k8s.io"
}

extension Object {
    /// Whether something is to be done with the objects that this one owns before it can go.
    var waitsForDependents: Bool {
        finalizers.contains { $0 == Finalizer.foreground || $0 == Finalizer.orphan }
    }
}
