import Kube

/// Cleans up behind deletions, in the background: dependents of owners that are gone, namespaces and definitions that
/// are being deleted. It does for this server what the garbage collector and the namespace controller do for a cluster.
struct Janitor: Sendable {
    let store: Store

    /// Does all that there is to do, what that leaves to do included.
    func run() {
        while true {
            let chores = store.takeChores()
            if chores.isEmpty { return }
            var done: Set<Chore> = []
            for chore in chores where done.insert(chore).inserted { store.write { $0.perform(chore) } }
        }
    }
}

extension StoreState {
    fileprivate mutating func perform(_ chore: Chore) {
        switch chore {
        case .ownerGone(let uid): for place in dependents[uid] ?? [] { release(place) }
        case .orphaned(let place): release(place)
        case .owner(let uid): finishOwner(uid)
        case .namespace(let name): empty(namespace: name)
        case .definition(let name): empty(definition: name)
        }
    }

    /// Deletes an object none of whose owners exists; takes the owners that do not exist off it otherwise.
    private mutating func release(_ place: Located) {
        guard let object = entry(place.collection, place.key)?.object, !object.ownerUIDs.isEmpty else { return }
        let living = (object.json["metadata", "ownerReferences"]?.array ?? []).filter { owner in
            uids[owner["uid"]?.string ?? ""] != nil
        }
        if living.count == object.ownerUIDs.count { return }
        if living.isEmpty {
            remove(place, propagation: .background)
        } else {
            var object = object
            object.json["metadata", "ownerReferences"] = .array(living)
            put(place, object)
        }
    }

    /// Does what an owner waits for: its dependents are given up, or deleted; then it goes.
    private mutating func finishOwner(_ uid: String) {
        guard let (collection, key) = uids[uid], let owner = entry(collection, key)?.object, owner.isBeingDeleted,
            owner.waitsForDependents
        else { return }
        let orphans = owner.finalizers.contains(Finalizer.orphan)
        var waits = false
        for place in dependents[uid] ?? [] {
            guard var object = entry(place.collection, place.key)?.object else { continue }
            let references = object.json["metadata", "ownerReferences"]?.array ?? []
            if orphans {
                object.json["metadata", "ownerReferences"] = .array(references.filter { $0["uid"]?.string != uid })
                put(place, object)
            } else {
                let blocks = references.contains {
                    $0["uid"]?.string == uid && $0["blockOwnerDeletion"]?.bool == true
                }
                if !object.isBeingDeleted { remove(place, propagation: blocks ? .foreground : .background) }
                if blocks, entry(place.collection, place.key) != nil { waits = true }
            }
        }
        if !waits {
            finalize(
                Located(collection: collection, key: key), without: orphans ? Finalizer.orphan : Finalizer.foreground)
        }
    }

    /// Deletes what is in a namespace that is being deleted, and the namespace once it is empty.
    private mutating func empty(namespace name: String) {
        let place = Located(collection: CollectionKey(.namespaces), key: ObjectKey(namespace: "", name: name))
        guard let namespace = entry(place.collection, place.key)?.object, namespace.isBeingDeleted else { return }
        var isEmpty = true
        for collection in collectionKeys {
            for key in keys(collection, namespace: name) {
                isEmpty = removeOnce(Located(collection: collection, key: key)) && isEmpty
            }
        }
        if isEmpty, namespace.finalizers.isEmpty { remove(place) }
    }

    /// Deletes the objects of a definition that is being deleted, and the definition once there are none.
    private mutating func empty(definition name: String) {
        let place = Located(
            collection: CollectionKey(.customResourceDefinitions), key: ObjectKey(namespace: "", name: name))
        guard let definition = entry(place.collection, place.key)?.object, definition.isBeingDeleted,
            definition.finalizers.contains(Finalizer.customResources)
        else { return }
        let collection = CollectionKey(
            Resource(
                group: definition.json["spec", "group"]?.string ?? "", version: "", kind: "",
                plural: definition.json["spec", "names", "plural"]?.string ?? ""))
        var isEmpty = true
        for key in keys(collection, namespace: nil) {
            isEmpty = removeOnce(Located(collection: collection, key: key)) && isEmpty
        }
        if isEmpty { finalize(place, without: Finalizer.customResources) }
    }

    private func keys(_ collection: CollectionKey, namespace: String?) -> [ObjectKey] {
        var keys: [ObjectKey] = []
        self.collection(collection).entries.forEach(from: ObjectKey(namespace: namespace ?? "", name: "")) { key, _ in
            if let namespace, key.namespace != namespace { return false }
            keys.append(key)
            return true
        }
        return keys
    }

    /// Deletes an object that is not being deleted yet; returns whether it is gone.
    private mutating func removeOnce(_ place: Located) -> Bool {
        guard let object = entry(place.collection, place.key)?.object else { return true }
        if !object.isBeingDeleted { remove(place, propagation: .background) }
        return entry(place.collection, place.key) == nil
    }

    private mutating func remove(_ place: Located, propagation: DeleteCall.Propagation) {
        guard let object = entry(place.collection, place.key)?.object,
            let type = registry.all.first(where: {
                CollectionKey($0.resource) == place.collection && $0.resource.kind == object.kind
            })
        else { return }
        var call = DeleteCall()
        call.propagation = propagation
        _ = try? delete(type, place.key, call)
    }

    /// Takes a finalizer off an object that is being deleted, and the object away if that was the last.
    private mutating func finalize(_ place: Located, without finalizer: String) {
        guard var object = entry(place.collection, place.key)?.object else { return }
        let rest = object.finalizers.filter { $0 != finalizer }
        object.json["metadata", "finalizers"] = rest.isEmpty ? JSON?.none : JSON(rest)
        if !rest.isEmpty || place.collection == CollectionKey(.namespaces) {
            put(place, object)
            return
        }
        remove(place, last: object)
        if place.collection == CollectionKey(.customResourceDefinitions) { unserve(object) }
    }
}
