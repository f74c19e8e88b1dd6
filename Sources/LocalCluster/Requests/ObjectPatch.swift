import Kube

/// The change that a `PATCH` request describes.
enum ObjectPatch: Sendable {
    /// The media type of server-side apply.
    static let applyType = "application/apply-patch+yaml"

    case merge(JSON)
    case json(JSON)
    case strategic(JSON)
    case apply(JSON)

    /// The patch of a request, by its media type. Throws 415 for other types, and for strategic merge patches of custom
    /// resources.
    init(_ request: APIRequest, _ type: ResourceType) throws(APIStatus) {
        switch request.mediaType {
        case "application/merge-patch+json":
            let patch = try request.patch()
            if patch.object == nil { throw Self.wrongType(patch, "error decoding patch: ") }
            self = .merge(patch)
        case "application/json-patch+json":
            let patch = try request.patch()
            if patch.array == nil { throw Self.wrongType(patch, "error decoding patch: ", "[]handlers.jsonPatchOp") }
            self = .json(patch)
        case "application/strategic-merge-patch+json" where type.isBuiltIn:
            let patch = try request.patch()
            if patch.object == nil { throw Self.wrongType(patch) }
            self = .strategic(patch)
        case Self.applyType: self = .apply(try request.patch())
        default:
            let types = [
                "application/json-patch+json", "application/merge-patch+json",
                type.isBuiltIn ? "application/strategic-merge-patch+json" : nil, Self.applyType,
            ].compactMap { $0 }
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                    + types.joined(separator: ", "))
        }
    }

    /// The object after the change. Server-side apply has its own rules and changes nothing here.
    func applied(to object: JSON, shape: MergeShape) throws(APIStatus) -> JSON {
        switch self {
        case .apply: return object
        case .merge(let patch): return Patch.merge(patch, into: object)
        case .json(let operations):
            do throws(JSONPatchError) {
                return try Patch.apply(operations, to: object)
            } catch {
                throw APIStatus(
                    code: 422, reason: "Invalid",
                    message: "the server rejected our request due to an error in our request: \(error)")
            }
        case .strategic(let patch): return try StrategicMergePatch.apply(patch, to: object, shape: shape)
        }
    }

    private static func wrongType(
        _ patch: JSON, _ prefix: String = "", _ expected: String = "map[string]interface {}"
    ) -> APIStatus {
        .badRequest("\(prefix)json: cannot unmarshal \(GoType.any.found(patch)) into Go value of type \(expected)")
    }
}
