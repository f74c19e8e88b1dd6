import Kube

/// The subresource `scale`: the replicas of an object, whatever its kind (`autoscaling/v1` Scale).
enum Scale {
    /// Decodes the body of a write.
    static let decoder = BodyDecoder(
        Resource(group: "autoscaling", version: "v1", kind: "Scale", plural: "scales"), .scale)

    /// The scale of an object. Throws 500 if the object's label selector cannot be read.
    static func json(of object: Object, _ type: ResourceType) throws(APIStatus) -> JSON {
        var metadata: JSON = [:]
        for member in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[member] = object.json["metadata", member]
        }
        let paths = type.scale ?? .standard
        var spec: JSON = [:]
        if let replicas = object.json[path: paths.spec] { spec["replicas"] = replicas }
        var status: JSON = ["replicas": object.json[path: paths.status] ?? 0]
        if !paths.selector.isEmpty, let selector = object.json[path: paths.selector] {
            status["selector"] = type.isBuiltIn ? .string(try query(selector)) : selector
        }
        return ["kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata, "spec": spec, "status": status]
    }

    private static func query(_ selector: JSON) throws(APIStatus) -> String {
        do throws(FieldError) {
            return try selector.decode(LabelSelector.self, at: FieldPath("spec.selector")).queryValue
        } catch {
            throw .internalError("\(error)")
        }
    }
}

extension ClusterState {
    /// Sets the replicas of an object to those of a decoded scale.
    mutating func scale(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        guard let old = live(call), let paths = call.type.scale else { throw .notFound(call.resource, name) }
        if let found = body["metadata", "name"]?.string, !found.isEmpty, found != name {
            throw .badRequest("the name of the object (\(found)) does not match the name on the URL (\(name))")
        }
        let replicas = body["spec", "replicas"]?.int ?? 0
        if let error = BuiltInRules.negative(JSON(replicas), at: FieldPath("spec.replicas")) {
            throw .invalid(Scale.decoder.resource, name, [error])
        }
        var object = old
        object.json[path: paths.spec] = JSON(replicas)
        let version = body["metadata", "resourceVersion"]?.string
        object.json["metadata", "resourceVersion"] = .string(version ?? old.resourceVersion ?? "")
        let result = try replace(&call, old, with: object, isApplied: false)
        return WriteResult(object: Object(try Scale.json(of: result.object, call.type)))
    }
}
