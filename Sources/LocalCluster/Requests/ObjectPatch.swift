import Kube

/// A change to an object as a `PATCH` request has it.
enum ObjectPatch: Sendable {
    case merge(JSON)
    case json(JSON)
    case strategic(JSON)
    case apply(JSON)

    /// The patch of a request, by its content type.
    init(contentType: String, body: JSON) throws(APIStatus) {
        switch contentType.prefix(while: { $0 != ";" }) {
        case "application/merge-patch+json": self = .merge(body)
        case "application/json-patch+json": self = .json(body)
        case "application/strategic-merge-patch+json": self = .strategic(body)
        case "application/apply-patch+yaml": self = .apply(body)
        default:
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: "
                    + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
        }
    }

    /// The object after the change; a strategic patch needs the shape of the object's kind.
    func applied(to object: JSON, shape: MergeShape?) throws(APIStatus) -> JSON {
        switch self {
        case .apply: return object
        case .merge(let patch):
            guard patch.object != nil else { throw .badRequest("a merge patch must be an object") }
            return Patch.merge(patch, into: object)
        case .json(let operations):
            do throws(JSONPatchError) {
                return try Patch.apply(operations, to: object)
            } catch {
                throw APIStatus(
                    code: 422, reason: "Invalid",
                    message: "the server rejected our request due to an error in our request: \(error)")
            }
        case .strategic(let patch):
            guard let shape else {
                throw .unsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types include: "
                        + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml")
            }
            return try StrategicMergePatch.apply(patch, to: object, shape: shape)
        }
    }
}
