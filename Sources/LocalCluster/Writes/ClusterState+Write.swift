import Kube

// Creating and changing objects: every write goes through here, from HTTP and from inside of the process.
extension StoreState {
    /// Makes an object.
    mutating func create(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let object = try ObjectRules.object(body, call)
        if let version = object.resourceVersion, !version.isEmpty {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        return try create(&call, object, isApplied: false)
    }

    /// Makes an object; one that was applied has its managed fields already.
    private mutating func create(
        _ call: inout WriteCall, _ proposed: Object, isApplied: Bool
    ) throws(APIStatus) -> WriteResult {
        var object = proposed
        try nameNew(&object, call)
        try checkNamespace(call, object.name)
        let place = call.place(object.name)
        if entry(place.collection, place.key) != nil { throw .alreadyExists(call.resource, object.name) }
        object.json["metadata", "uid"] = .string(UID.random())
        object.json["metadata", "creationTimestamp"] = .string(call.now.description)
        for member in ["resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"] {
            object.json["metadata", member] = nil
        }
        if call.type.hasGeneration { object.json["metadata", "generation"] = 1 }
        if call.type.subresources.contains(.status) { object.json["status"] = nil }
        if call.resource == .namespaces { object.json["spec", "finalizers"] = ["kubernetes"] }
        object = try ObjectRules.prepared(object, old: nil, &call)
        if !isApplied { manage(&object, old: nil, call) }
        return try store(object, place, old: nil, &call)
    }

    /// Replaces an object, or with a subresource a part of it.
    mutating func update(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        if call.subresource == "scale" { return try scale(&call, body) }
        let object = try ObjectRules.object(body, call)
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

    /// Changes an object by what is written down of the change.
    mutating func patch(_ call: inout WriteCall, _ patch: ObjectPatch) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        if case .apply(let body) = patch { return try apply(&call, body) }
        guard let old = live(call) else { throw .notFound(call.resource, name) }
        if call.subresource == "scale" {
            return try scale(&call, try patch.applied(to: Scale.json(of: old, call.type), shape: .unknown))
        }
        let patched = try patch.applied(to: old.json, shape: call.type.isBuiltIn ? call.type.shape : nil)
        let object = try ObjectRules.object(patched, call)
        if object.name != name { throw .badRequest("the name of the object may not be changed by a patch") }
        return try replace(&call, old, with: object, isApplied: false)
    }

    /// Server-side apply.
    private mutating func apply(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        var body = try ObjectRules.object(body, call)
        if body.name.isEmpty { body.json["metadata", "name"] = .string(name) }
        guard body.name == name else {
            throw .badRequest("the name of the object (\(body.name)) does not match the name on the URL (\(name))")
        }
        if let schema = call.type.schema, let unknown = schema.pruning(body.json).unknown.first {
            throw APIStatus(
                code: 500, reason: "InternalError",
                message: "failed to create typed patch object (\(body.key); \(body.apiVersion), Kind=\(body.kind)): "
                    + ".\(unknown): field not declared in schema")
        }
        let old = live(call)
        if old == nil, call.subresource != nil { throw .notFound(call.resource, name) }
        let manager = FieldManager(call.manager, subresource: call.subresource)
        let applied = try ServerSideApply(type: call.type, manager: manager, force: call.force, now: call.now)
            .apply(body, to: old)
        guard let old else { return try create(&call, applied, isApplied: true) }
        return try replace(&call, old, with: applied, isApplied: true, hasVersion: body.resourceVersion != nil)
    }

    /// Puts a new state in the place of an old one, as far as the subresource allows.
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
        object = try ObjectRules.prepared(object, old: old, &call)
        let counted = !(call.type.hasGeneration && hasStatus) && !call.type.isBuiltIn
        if call.type.hasGeneration,
            object.content(withStatus: counted) != old.content(withStatus: counted)
        {
            object.json["metadata", "generation"] = JSON((old.generation ?? 0) + 1)
        }
        if !isApplied { manage(&object, old: old, call) }
        return try store(object, call.place(old.name), old: old, &call)
    }

    /// Stores what all rules were applied to; an object that was only waiting for its finalizers goes.
    private mutating func store(
        _ object: Object, _ place: Located, old: Object?, _ call: inout WriteCall
    ) throws(APIStatus) -> WriteResult {
        if call.resource == .customResourceDefinitions { call.warnings += Self.warnings(about: object) }
        let stored = call.type.stored(object)
        if let old, stored.isSame(as: call.type.stored(old)) { return WriteResult(object: old) }
        if call.isDryRun {
            return WriteResult(object: object, isCreated: old == nil)
        }
        if stored.isBeingDeleted, stored.finalizers.isEmpty, place.collection != CollectionKey(.namespaces) {
            remove(place, last: stored)
            if call.resource == .customResourceDefinitions { unserve(stored) }
            return WriteResult(object: object)
        }
        let entry = put(place, stored)
        if call.resource == .customResourceDefinitions { try serve(place, entry.object, call.now) }
        return WriteResult(
            object: call.type.served(entry.object), bytes: call.type.servedBytes(entry), isCreated: old == nil)
    }

    /// The object that a call names, in the version of the call.
    func live(_ call: WriteCall) -> Object? {
        let place = call.place(call.name ?? "")
        return entry(place.collection, place.key).map { call.type.served($0.object) }
    }

    /// Records whose the changed fields are.
    private func manage(_ object: inout Object, old: Object?, _ call: WriteCall) {
        let manager = FieldManager(call.manager, subresource: call.subresource)
        object = ManagedFields.update(old: old, new: object, type: call.type, manager: manager, now: call.now)
    }
}

// What is checked before a write.
extension StoreState {
    private func nameNew(_ object: inout Object, _ call: WriteCall) throws(APIStatus) {
        if let name = call.name, !name.isEmpty { object.json["metadata", "name"] = .string(name) }
        guard object.name.isEmpty else { return }
        guard let prefix = object.json["metadata", "generateName"]?.string, !prefix.isEmpty else {
            throw .invalid(
                call.resource, "",
                [FieldError(FieldPath("metadata.name"), "Required value: name or generateName is required")])
        }
        var name = ""
        repeat { name = "\(prefix.prefix(58))\(UID.suffix())" } while live(named(call, name)) != nil
        object.json["metadata", "name"] = .string(name)
    }

    private func named(_ call: WriteCall, _ name: String) -> WriteCall {
        var call = call
        call.name = name
        return call
    }

    private func checkNamespace(_ call: WriteCall, _ name: String) throws(APIStatus) {
        guard call.resource.isNamespaced else { return }
        let namespace = call.namespace ?? ""
        guard let found = entry(CollectionKey(.namespaces), ObjectKey(namespace: "", name: namespace))?.object else {
            throw .notFound(.namespaces, namespace)
        }
        if found.isBeingDeleted {
            var status = APIStatus.forbidden(
                call.resource, name,
                "unable to create new content in namespace \(namespace) because it is being terminated")
            status.details?["causes"] = [
                [
                    "reason": "NamespaceTerminating", "message": .string("namespace \(namespace) is being terminated"),
                    "field": "metadata.namespace",
                ]
            ]
            throw status
        }
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
            // Built-in kinds may be overwritten without having been read; custom resources may not.
            if call.type.isBuiltIn { return }
            throw .invalid(
                call.resource, old.name,
                [FieldError(FieldPath("metadata.resourceVersion"), "Invalid value: 0: must be specified for an update")]
            )
        }
        if version != old.resourceVersion { throw .modified(call.resource, old.name) }
    }

    static func uidProblem(_ asked: String, _ found: String) -> String {
        "Precondition failed: UID in precondition: \(asked), UID in object meta: \(found)"
    }
}

/// Random names.
enum UID {
    /// A random UUID.
    static func random() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }

    /// What is appended to `metadata.generateName`: five letters and digits that spell no words.
    static func suffix() -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }
}
