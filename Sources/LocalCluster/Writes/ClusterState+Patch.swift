import Kube

extension ClusterState {
    /// Changes an object by a patch.
    mutating func patch(_ call: inout WriteCall, _ patch: ObjectPatch) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        if case .apply(let body) = patch { return try apply(&call, body) }
        guard let old = live(call) else { throw .notFound(call.resource, name) }
        if call.subresource == "scale" {
            let patched = try patch.applied(to: try Scale.json(of: old, call.type), shape: .unknown)
            return try scale(&call, try Scale.decoder.decodePatched(patched))
        }
        let object = try call.patchedObject(try patch.applied(to: old.json, shape: call.type.shape))
        if object.name != name { throw .badRequest("the name of the object may not be changed by a patch") }
        return try replace(&call, old, with: object, isApplied: false)
    }

    /// Creates or changes an object by server-side apply.
    private mutating func apply(_ call: inout WriteCall, _ body: JSON) throws(APIStatus) -> WriteResult {
        let name = call.name ?? ""
        var body = try call.appliedObject(body)
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
        let applied = try ServerSideApply(
            type: call.type, manager: call.manager, subresource: call.subresource ?? "", force: call.force,
            now: call.now
        ).apply(body, to: old)
        guard let old else { return try create(&call, applied, isApplied: true) }
        return try replace(&call, old, with: applied, isApplied: true, hasVersion: body.resourceVersion != nil)
    }
}
