import Kube

extension ClusterState {
    /// Creates the object in the body of a request.
    mutating func create(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let object = try call.object(body)
        if let version = object.resourceVersion, !version.isEmpty {
            throw .badRequest("resourceVersion should not be set on objects to be created")
        }
        return try create(&call, object, isApplied: false)
    }

    /// Creates an object. An applied object has its managed fields already.
    mutating func create(
        _ call: inout WriteCall, _ proposed: Object, isApplied: Bool
    ) throws(APIStatus) -> WriteResult {
        var object = proposed
        object.json["metadata", "name"] = .string(try name(of: object, call))
        try checkNamespace(call, object.name)
        let location = call.location(object.name)
        if stored(location) != nil { throw .alreadyExists(call.resource, object.name) }
        object.json["metadata", "uid"] = .string(ObjectUID.random())
        object.json["metadata", "creationTimestamp"] = .string(call.now.description)
        for member in ["resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"] {
            object.json["metadata", member] = nil
        }
        if call.type.hasGeneration { object.json["metadata", "generation"] = 1 }
        if call.type.subresources.contains(.status) { object.json["status"] = nil }
        if call.resource == .namespaces { object.json["spec", "finalizers"] = ["kubernetes"] }
        object = try call.prepared(object, old: nil)
        if !isApplied { manage(&object, old: nil, call) }
        return try store(object, at: location, old: nil, &call)
    }

    private func name(of object: Object, _ call: WriteCall) throws(APIStatus) -> String {
        if let name = call.name, !name.isEmpty { return name }
        if !object.name.isEmpty { return object.name }
        guard let prefix = object.json["metadata", "generateName"]?.string, !prefix.isEmpty else {
            throw .invalid(
                call.resource, "",
                [FieldError(FieldPath("metadata.name"), "Required value: name or generateName is required")])
        }
        while true {
            let name = "\(prefix.prefix(NameSuffix.maximumPrefixLength))\(NameSuffix.random())"
            if stored(call.location(name)) == nil { return name }
        }
    }

    private func checkNamespace(_ call: WriteCall, _ name: String) throws(APIStatus) {
        guard call.resource.isNamespaced else { return }
        let namespace = call.namespace ?? ""
        let location = ObjectLocation(.namespaces, ObjectKey(namespace: "", name: namespace))
        guard let found = stored(location)?.object else { throw .notFound(.namespaces, namespace) }
        guard found.isBeingDeleted else { return }
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
