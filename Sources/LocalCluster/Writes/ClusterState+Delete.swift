import Kube

/// How an object is to be deleted: `meta/v1` DeleteOptions.
struct DeleteCall: Sendable {
    /// What becomes of the objects that the deleted one owns.
    enum Propagation: String, Sendable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    var uid: String?
    var resourceVersion: String?
    var propagation = Propagation.background
    var isDryRun = false

    /// Deletes in the background, whatever the state.
    init() {}

    /// The options of a request, in its body or its query.
    init(_ request: APIRequest) throws(APIStatus) {
        let body = request.body.isEmpty ? [:] : try request.json()
        uid = body["preconditions", "uid"]?.string
        resourceVersion = body["preconditions", "resourceVersion"]?.string
        let orphans = body["orphanDependents"]?.bool ?? (request.parameter("orphanDependents") != nil)
        let text = body["propagationPolicy"]?.string ?? request.parameter("propagationPolicy")
        guard let propagation = Propagation(rawValue: text ?? (orphans ? "Orphan" : "Background")) else {
            let options = Resource(group: "meta.k8s.io", version: "v1", kind: "DeleteOptions", plural: "deleteoptions")
            throw .invalid(
                options, "",
                [
                    FieldError(
                        FieldPath("propagationPolicy"),
                        "Unsupported value: \"\(text ?? "")\": supported values: \"Foreground\", \"Background\", "
                            + "\"Orphan\"")
                ])
        }
        self.propagation = propagation
        isDryRun = request.parameter("dryRun") != nil || body["dryRun"]?[0] != nil
    }
}

extension StoreState {
    /// What became of a deletion.
    enum Deleted {
        /// The object is gone.
        case gone(Object)
        /// Something is to be done before it can go; the object says what.
        case waits(Object)
    }

    /// Deletes an object, or marks it as being deleted where finalizers are in the way.
    mutating func delete(_ type: ResourceType, _ key: ObjectKey, _ call: DeleteCall) throws(APIStatus) -> Deleted {
        let place = Located(collection: CollectionKey(type.resource), key: key)
        guard let old = entry(place.collection, key)?.object else { throw .notFound(type.resource, key.name) }
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
        if ["default", "kube-system"].contains(key.name), type.resource == .namespaces {
            throw .forbidden(type.resource, key.name, "this namespace may not be deleted")
        }
        var object = old
        var finalizers = old.finalizers.filter { $0 != Finalizer.foreground && $0 != Finalizer.orphan }
        let owns = dependents[old.uid ?? ""]?.isEmpty == false
        if owns, call.propagation == .foreground { finalizers.append(Finalizer.foreground) }
        if owns, call.propagation == .orphan { finalizers.append(Finalizer.orphan) }
        object.json["metadata", "finalizers"] = finalizers.isEmpty ? JSON?.none : JSON(finalizers)
        let isNamespace = type.resource == .namespaces
        guard !finalizers.isEmpty || isNamespace else {
            if !call.isDryRun {
                remove(place)
                if type.resource == .customResourceDefinitions { unserve(old) }
            }
            return .gone(type.served(old))
        }
        if !object.isBeingDeleted {
            object.json["metadata", "deletionTimestamp"] = .string(Timestamp.now.description)
            object.json["metadata", "deletionGracePeriodSeconds"] = 0
            if let generation = object.generation { object.json["metadata", "generation"] = JSON(generation + 1) }
            if isNamespace { object.json["status", "phase"] = "Terminating" }
        }
        if !call.isDryRun, object != old { object = put(place, object).object }
        return .waits(type.served(object))
    }
}

// CustomResourceDefinitions: what they define is served as soon as they are stored.
extension StoreState {
    /// What whoever writes a definition should know: the CEL rules in it are not run here.
    static func warnings(about definition: Object) -> [String] {
        func hasRules(_ schema: JSON) -> Bool {
            switch schema {
            case .object(let members):
                members.contains { key, value in
                    (key == "x-kubernetes-validations" && value.array?.isEmpty == false) || hasRules(value)
                }
            case .array(let elements): elements.contains(where: hasRules)
            default: false
            }
        }
        guard hasRules(definition.json["spec", "versions"] ?? .null) else { return [] }
        return [
            "the local cluster does not run CEL rules: those in \(definition.name) (x-kubernetes-validations) are checked "
                + "by a real API server only"
        ]
    }

    /// Serves what a definition defines, and says so in its status.
    mutating func serve(_ place: Located, _ definition: Object, _ now: Timestamp) throws(APIStatus) {
        if definition.isBeingDeleted { return }
        do throws(FieldError) {
            try registry.add(crd: definition)
        } catch {
            throw .invalid(.customResourceDefinitions, definition.name, [error])
        }
        var established = definition.establishedDefinition(now: now)
        let finalizers = established.finalizers
        if !finalizers.contains(Finalizer.customResources) {
            established.json["metadata", "finalizers"] = JSON(finalizers + [Finalizer.customResources])
        }
        if established != definition { put(place, established) }
    }

    /// Serves what a definition defined no longer, and ends its watches.
    mutating func unserve(_ definition: Object) {
        registry.remove(crd: definition)
        touch(
            CollectionKey(
                Resource(
                    group: definition.json["spec", "group"]?.string ?? "", version: "", kind: "",
                    plural: definition.json["spec", "names", "plural"]?.string ?? "")))
    }
}
