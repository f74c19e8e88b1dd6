// The responses of an API server with its own messages: those of `k8s.io/apimachinery/pkg/api/errors`.
extension APIStatus {
    /// The object does not exist.
    public static func notFound(_ resource: Resource, _ name: String) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(resource) \"\(name)\" not found",
            details: resource.details(name))
    }

    /// The server does not serve the path.
    public static var unknownPath: APIStatus {
        APIStatus(code: 404, reason: "NotFound", message: "the server could not find the requested resource")
    }

    /// An object of that name already exists.
    public static func alreadyExists(_ resource: Resource, _ name: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(resource) \"\(name)\" already exists",
            details: resource.details(name))
    }

    /// The object is not in the state that the request requires.
    public static func conflict(_ resource: Resource, _ name: String, _ problem: String) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(resource) \"\(name)\": \(problem)",
            details: resource.details(name))
    }

    /// The object has changed since the caller read it.
    public static func modified(_ resource: Resource, _ name: String) -> APIStatus {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    /// Other field managers own fields that the request applies with different values.
    ///
    /// Each conflict has the other manager, as the API server describes it (`"kubectl" using v1`), and the field.
    public static func applyConflict(_ conflicts: [(manager: String, field: String)]) -> APIStatus {
        let count = conflicts.count == 1 ? "1 conflict" : "\(conflicts.count) conflicts"
        let managers = Dictionary(grouping: conflicts, by: \.manager).sorted { $0.key < $1.key }
        let isOne = conflicts.count == 1
        let texts = managers.map { manager, conflicts in
            isOne
                ? "conflict with \(manager): \(conflicts[0].field)"
                : "conflicts with \(manager):" + conflicts.map { "\n- \($0.field)" }.joined()
        }
        let causes = conflicts.map { conflict -> JSON in
            [
                "reason": "FieldManagerConflict", "message": .string("conflict with \(conflict.manager)"),
                "field": .string(conflict.field),
            ]
        }
        return APIStatus(
            code: 409, reason: "Conflict", message: "Apply failed with \(count): \(texts.joined(separator: "\n"))",
            details: ["causes": .array(causes)])
    }

    /// The object violates its schema or another rule of its kind.
    public static func invalid(_ resource: Resource, _ name: String, _ errors: [FieldError]) -> APIStatus {
        let texts = errors.map(\.description)
        let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        let kind = resource.group.isEmpty ? resource.kind : "\(resource.kind).\(resource.group)"
        var details = resource.details(name)
        details["kind"] = .string(resource.kind)
        details["causes"] = .array(
            errors.map { error in
                [
                    "reason": .string(error.causeReason), "message": .string(error.problem),
                    "field": .string(error.path.steps.isEmpty ? "" : error.path.description),
                ]
            })
        return APIStatus(
            code: 422, reason: "Invalid",
            message: "\(kind) \"\(name)\" is invalid" + (errors.isEmpty ? "" : ": \(list)"),
            details: details)
    }

    /// The request is malformed.
    public static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    /// The caller lacks permission.
    public static func forbidden(_ resource: Resource, _ name: String, _ problem: String) -> APIStatus {
        let subject = name.isEmpty ? "\(resource)" : "\(resource) \"\(name)\""
        return APIStatus(
            code: 403, reason: "Forbidden", message: "\(subject) is forbidden: \(problem)",
            details: resource.details(name))
    }

    /// The resource version or continue token is too old.
    public static func expired(_ message: String) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: message)
    }

    /// The server does not accept the media type of the body.
    public static func unsupportedMediaType(_ message: String) -> APIStatus {
        APIStatus(code: 415, reason: "UnsupportedMediaType", message: message)
    }

    /// The body is larger than the server accepts.
    public static func tooLarge(_ message: String) -> APIStatus {
        APIStatus(code: 413, reason: "RequestEntityTooLarge", message: message)
    }

    /// The server took too long.
    public static func timeout(_ message: String) -> APIStatus {
        APIStatus(code: 504, reason: "Timeout", message: message)
    }

    /// The server failed to handle the request.
    public static func internalError(_ message: String) -> APIStatus {
        APIStatus(code: 500, reason: "InternalError", message: "Internal error occurred: \(message)")
    }

    /// The request succeeded, and the response has no object.
    public static func success(_ resource: Resource, _ name: String, uid: String? = nil) -> APIStatus {
        var details = resource.details(name)
        if let uid { details["uid"] = .string(uid) }
        return APIStatus(code: 200, reason: "", message: "", details: details)
    }
}

extension Resource {
    /// The `details` of a status about an object.
    fileprivate func details(_ name: String) -> JSON {
        var details: JSON = [:]
        if !name.isEmpty { details["name"] = .string(name) }
        if !group.isEmpty { details["group"] = .string(group) }
        details["kind"] = .string(plural)
        return details
    }
}

extension FieldError {
    /// The reason of a cause, recognized by the start of the API server's message (`field.ErrorType`).
    fileprivate var causeReason: String {
        let reasons = [
            ("Required value", "FieldValueRequired"), ("Unsupported value", "FieldValueNotSupported"),
            ("Duplicate value", "FieldValueDuplicate"), ("Too long", "FieldValueTooLong"),
            ("Too many", "FieldValueTooMany"), ("Forbidden", "FieldValueForbidden"),
            ("Not found", "FieldValueNotFound"),
        ]
        if let known = reasons.first(where: { problem.hasPrefix($0.0) }) { return known.1 }
        return problem.contains(" must be of type ") ? "FieldValueTypeInvalid" : "FieldValueInvalid"
    }
}
