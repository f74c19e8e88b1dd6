import Kube

extension ClusterState {
    /// Replaces an object, or the part of it that a subresource covers.
    mutating func update(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        if call.subresource == "scale" { return try scale(&call, try Scale.decoder.decode(body)) }
        let object = try call.object(body)
        if object.name != name {
            throw .badRequest(
                "the name of the object (\(object.name)) does not match the name on the URL (\(name))")
        }
        guard let old = live(call) else {
            if let uid = object.uid, !uid.isEmpty { throw .conflict(call.resource, name, Self.uidProblem(uid, "")) }
            throw .notFound(call.resource, name)
        }
        return try replace(&call, old, with: object, isApplied: false)
    }

    /// Replaces the old state of an object with a new one, as far as the subresource allows.
    mutating func replace(
        _ call: inout WriteCall, _ old: Object, with proposed: Object, isApplied: Bool, hasVersion: Bool = true
    ) throws(APIStatus) -> WriteResult {
        try checkPreconditions(call, old, proposed, hasVersion: hasVersion)
        var object = proposed
        let hasStatus = call.type.subresources.contains(.status)
        if call.subresource == "status" {
            object = old
            object.json["status"] = proposed.json["status"]
            object.json["metadata", "managedFields"] = proposed.json["metadata", "managedFields"]
        } else if hasStatus {
            object.json["status"] = old.json["status"]
        }
        for member in [
            "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
            "generation", "generateName",
        ] {
            object.json["metadata", member] = old.json["metadata", member]
        }
        if call.resource == .namespaces { object.json["spec", "finalizers"] = old.json["spec", "finalizers"] }
        if object.isBeingDeleted, !Set(object.finalizers).isSubset(of: old.finalizers) {
            let path = FieldPath("metadata.finalizers")
            throw .invalid(
                call.resource, old.name,
                [FieldError(path, "Forbidden: no new finalizers can be added if the object is being deleted")])
        }
        object = try call.prepared(object, old: old)
        let countsStatus = !hasStatus && !call.type.isBuiltIn
        if call.type.hasGeneration, object.content(withStatus: countsStatus) != old.content(withStatus: countsStatus) {
            object.json["metadata", "generation"] = JSON((old.generation ?? 0) + 1)
        }
        if !isApplied { manage(&object, old: old, call) }
        return try store(object, at: call.location(old.name), old: old, &call)
    }

    /// Stores a prepared object. An object that is being deleted and has no finalizers left is removed.
    mutating func store(
        _ object: Object, at location: ObjectLocation, old: Object?, _ call: inout WriteCall
    ) throws(APIStatus) -> WriteResult {
        let isDefinition = call.resource == .customResourceDefinitions
        if isDefinition { call.warnings += Self.warnings(about: object) }
        if let old, object.isSame(as: old) { return WriteResult(object: old) }
        if call.isDryRun { return WriteResult(object: object, isCreated: old == nil) }
        if object.isBeingDeleted, object.finalizers.isEmpty, call.resource != .namespaces {
            remove(location, last: object)
            if isDefinition { unserve(object) }
            return WriteResult(object: object)
        }
        let stored = put(object, at: location)
        if isDefinition { try serve(stored.object, at: location, call.now) }
        return WriteResult(
            object: call.type.served(stored.object), bytes: stored.bytes(servedAs: call.type), isCreated: old == nil)
    }

    /// The object that a call names, in the version of the call.
    func live(_ call: WriteCall) -> Object? {
        stored(call.location(call.name ?? "")).map { call.type.served($0.object) }
    }

    /// Records the fields that a create, update or patch changed.
    func manage(_ object: inout Object, old: Object?, _ call: WriteCall) {
        object = ManagedFields.update(
            old: old, new: object, type: call.type, manager: call.manager, subresource: call.subresource ?? "",
            now: call.now)
    }

    private func checkPreconditions(
        _ call: WriteCall, _ old: Object, _ proposed: Object, hasVersion: Bool
    ) throws(APIStatus) {
        if let uid = proposed.uid, !uid.isEmpty, uid != old.uid {
            throw .conflict(call.resource, old.name, Self.uidProblem(uid, old.uid ?? ""))
        }
        guard hasVersion else { return }
        let version = proposed.resourceVersion ?? ""
        if version.isEmpty || version == "0" {
            // Clients may overwrite built-in kinds without having read them, but not custom resources.
            if call.type.isBuiltIn { return }
            throw .invalid(
                call.resource, old.name,
                [FieldError(FieldPath("metadata.resourceVersion"), "Invalid value: 0: must be specified for an update")]
            )
        }
        if version != old.resourceVersion { throw .modified(call.resource, old.name) }
    }

    private static func uidProblem(_ asked: String, _ found: String) -> String {
        "Precondition failed: UID in precondition: \(asked), UID in object meta: \(found)"
    }
}

extension Object {
    /// The part of the object that its generation counts: everything but the metadata and, usually, the status.
    fileprivate func content(withStatus: Bool) -> JSON {
        var json = json
        json["metadata"] = nil
        if !withStatus { json["status"] = nil }
        return json
    }
}
