import Kube

/// The subresource `scale`: how many replicas an object has, whatever its kind (`autoscaling/v1` Scale).
enum Scale {
    /// The scale of an object.
    static func json(of object: Object, _ type: ResourceType) -> JSON {
        var metadata: JSON = [:]
        for member in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[member] = object.json["metadata", member]
        }
        let paths = type.scale ?? .standard
        var spec: JSON = [:]
        if let replicas = object.json[path: paths.spec] { spec["replicas"] = replicas }
        var status: JSON = ["replicas": object.json[path: paths.status] ?? 0]
        if let path = paths.selector {
            status["selector"] = object.json[path: path]
        } else if type.isBuiltIn, let selector = try? object.json["spec", "selector"]?.decode(LabelSelector.self) {
            status["selector"] = .string(selector.queryValue)
        }
        return ["kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status]
    }
}

extension StoreState {
    /// Sets an object's replicas.
    mutating func scale(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        guard let old = live(call), let paths = call.type.scale else { throw .notFound(call.resource, name) }
        let replicas = body["spec", "replicas"]?.int ?? 0
        if replicas < 0 {
            throw .invalid(
                Resource(group: "autoscaling", version: "v1", kind: "Scale", plural: "scales"), name,
                [
                    FieldError(
                        FieldPath("spec.replicas"),
                        "Invalid value: \(replicas): must be greater than or equal to 0")
                ])
        }
        var object = old
        object.json[path: paths.spec] = JSON(replicas)
        let version = body["metadata", "resourceVersion"]?.string
        object.json["metadata", "resourceVersion"] = .string(version ?? old.resourceVersion ?? "")
        let result = try replace(&call, old, with: object, isApplied: false)
        return WriteResult(object: Object(Scale.json(of: result.object, call.type)))
    }
}
