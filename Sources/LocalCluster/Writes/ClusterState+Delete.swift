import Kube

extension ClusterState {
    /// The result of a deletion.
    enum Deletion {
        /// The object is gone.
        case gone(Object)
        /// The object, in its new state, waits for its finalizers or its content.
        case waiting(Object)
    }

    /// Deletes an object, or marks it as being deleted if it has to wait.
    ///
    /// Throws 404 if there is no such object, 409 if a precondition fails, and 403 for the namespaces that must stay.
    mutating func delete(_ type: ResourceType, _ key: ObjectKey, _ call: DeleteCall) throws(APIStatus) -> Deletion {
        let location = ObjectLocation(type.resource, key)
        guard let old = stored(location)?.object else { throw .notFound(type.resource, key.name) }
        if let uid = call.uid, uid != old.uid {
            throw .conflict(
                type.resource, key.name,
                "the UID in the precondition (\(uid)) does not match the UID in record (\(old.uid ?? "")). The object "
                    + "might have been deleted and then recreated")
        }
        if let version = call.resourceVersion, version != old.resourceVersion {
            throw .conflict(
                type.resource, key.name,
                "the ResourceVersion in the precondition (\(version)) does not match the ResourceVersion in record "
                    + "(\(old.resourceVersion ?? "")). The object might have been modified")
        }
        if Self.isPermanent(location) {
            throw .forbidden(type.resource, key.name, "this namespace may not be deleted")
        }
        switch delete(location, old, call.propagation, isDryRun: call.isDryRun) {
        case .gone(let object): return .gone(type.served(object))
        case .waiting(let object): return .waiting(type.served(object))
        }
    }

    /// Deletes the object at a location without preconditions, or marks it as being deleted. Permanent namespaces stay.
    mutating func delete(_ location: ObjectLocation, propagation: DeleteCall.Propagation) {
        guard let old = stored(location)?.object, !Self.isPermanent(location) else { return }
        _ = delete(location, old, propagation, isDryRun: false)
    }

    private mutating func delete(
        _ location: ObjectLocation, _ old: Object, _ propagation: DeleteCall.Propagation, isDryRun: Bool
    ) -> Deletion {
        var object = old
        var finalizers = old.finalizers.filter { $0 != Finalizer.foreground && $0 != Finalizer.orphan }
        let owns = dependents[old.uid ?? ""]?.isEmpty == false
        if owns, propagation == .foreground { finalizers.append(Finalizer.foreground) }
        if owns, propagation == .orphan { finalizers.append(Finalizer.orphan) }
        object.json["metadata", "finalizers"] = finalizers.isEmpty ? JSON?.none : JSON(finalizers)
        let isNamespace = location.collection == CollectionKey(.namespaces)
        guard !finalizers.isEmpty || isNamespace else {
            if !isDryRun {
                remove(location)
                if location.collection == CollectionKey(.customResourceDefinitions) { unserve(old) }
            }
            return .gone(old)
        }
        if !object.isBeingDeleted {
            object.json["metadata", "deletionTimestamp"] = .string(Timestamp.now.description)
            object.json["metadata", "deletionGracePeriodSeconds"] = 0
            if let generation = object.generation { object.json["metadata", "generation"] = JSON(generation + 1) }
            if isNamespace { object.json["status", "phase"] = "Terminating" }
        }
        if !isDryRun, object != old { object = put(object, at: location).object }
        return .waiting(object)
    }

    private static func isPermanent(_ location: ObjectLocation) -> Bool {
        location.collection == CollectionKey(.namespaces) && ["default", "kube-system"].contains(location.key.name)
    }
}
