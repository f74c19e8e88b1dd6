import Kube

/// Cleans up after deletions in the background: dependents without owners, and what is in namespaces and
/// CustomResourceDefinitions that are being deleted.
///
/// A real cluster has the garbage collector, the namespace controller and the CRD finalizer for this.
struct GarbageCollector: Sendable {
    let store: ClusterStore

    /// Does all work that is due, and the work that results from it.
    func run() {
        while true {
            let work = store.takeCleanups()
            if work.isEmpty { return }
            var done: Set<Cleanup> = []
            for item in work where done.insert(item).inserted { store.write { $0.perform(item) } }
        }
    }
}

extension ClusterState {
    fileprivate mutating func perform(_ work: Cleanup) {
        switch work {
        case .ownerGone(let uid): for location in dependents[uid] ?? [] { release(location) }
        case .orphaned(let location): release(location)
        case .owner(let uid): finishOwner(uid)
        case .namespace(let name): empty(namespace: name)
        case .definition(let name): empty(definition: name)
        }
    }

    /// Deletes an object if none of its owners exists; otherwise removes the missing owners from its references.
    private mutating func release(_ location: ObjectLocation) {
        guard var object = stored(location)?.object, !object.ownerUIDs.isEmpty else { return }
        let living = (object.json["metadata", "ownerReferences"]?.array ?? []).filter { owner in
            uids[owner["uid"]?.string ?? ""] != nil
        }
        if living.count == object.ownerUIDs.count { return }
        if living.isEmpty {
            delete(location, propagation: .background)
        } else {
            object.json["metadata", "ownerReferences"] = .array(living)
            put(object, at: location)
        }
    }

    /// Orphans or deletes the dependents of an owner that waits for this, then removes the finalizer of the owner.
    private mutating func finishOwner(_ uid: String) {
        guard let location = uids[uid], let owner = stored(location)?.object, owner.isBeingDeleted,
            owner.waitsForDependents
        else { return }
        let orphans = owner.finalizers.contains(Finalizer.orphan)
        var waits = false
        for location in dependents[uid] ?? [] {
            guard var object = stored(location)?.object else { continue }
            let references = object.json["metadata", "ownerReferences"]?.array ?? []
            if orphans {
                object.json["metadata", "ownerReferences"] = .array(references.filter { $0["uid"]?.string != uid })
                put(object, at: location)
            } else {
                let blocks = references.contains {
                    $0["uid"]?.string == uid && $0["blockOwnerDeletion"]?.bool == true
                }
                if !object.isBeingDeleted { delete(location, propagation: blocks ? .foreground : .background) }
                if blocks, stored(location) != nil { waits = true }
            }
        }
        if !waits { removeFinalizer(orphans ? Finalizer.orphan : Finalizer.foreground, from: location) }
    }

    /// Deletes what is in a namespace that is being deleted, and the namespace once it is empty.
    private mutating func empty(namespace name: String) {
        let location = ObjectLocation(.namespaces, ObjectKey(namespace: "", name: name))
        guard let namespace = stored(location)?.object, namespace.isBeingDeleted else { return }
        var isEmpty = true
        for content in locations(inNamespace: name) { isEmpty = deleteOnce(content) && isEmpty }
        if isEmpty, namespace.finalizers.isEmpty { remove(location) }
    }

    /// Deletes the objects of a definition that is being deleted, and the definition once there are none.
    private mutating func empty(definition name: String) {
        let location = ObjectLocation(.customResourceDefinitions, ObjectKey(namespace: "", name: name))
        guard let definition = stored(location)?.object, definition.isBeingDeleted,
            definition.finalizers.contains(Finalizer.customResources)
        else { return }
        var isEmpty = true
        for content in locations(in: CollectionKey(definition: definition), namespace: nil) {
            isEmpty = deleteOnce(content) && isEmpty
        }
        if isEmpty { removeFinalizer(Finalizer.customResources, from: location) }
    }

    /// Deletes an object unless it is being deleted already. Returns whether it is gone.
    private mutating func deleteOnce(_ location: ObjectLocation) -> Bool {
        guard let object = stored(location)?.object else { return true }
        if !object.isBeingDeleted { delete(location, propagation: .background) }
        return stored(location) == nil
    }

    /// Removes a finalizer from an object that is being deleted, and the object if that was the last one.
    private mutating func removeFinalizer(_ finalizer: String, from location: ObjectLocation) {
        guard var object = stored(location)?.object else { return }
        let rest = object.finalizers.filter { $0 != finalizer }
        object.json["metadata", "finalizers"] = rest.isEmpty ? JSON?.none : JSON(rest)
        if !rest.isEmpty || location.collection == CollectionKey(.namespaces) {
            put(object, at: location)
            return
        }
        remove(location, last: object)
        if location.collection == CollectionKey(.customResourceDefinitions) { unserve(object) }
    }
}
