/// What the API server answers when a request fails: `meta/v1` Status.
///
/// The same value is the `object` of a watch's `ERROR` event, and the answer to some deletions that went well.
public struct APIStatus: Error, Sendable, Hashable {
    /// The HTTP status code.
    public var code: Int
    /// The reason in one word, as programs compare it: `NotFound`, `Conflict`, `Expired`, …
    public var reason: String
    /// What went wrong, for people.
    public var message: String
    /// The `details` member: name, group, kind, `causes`, `retryAfterSeconds`.
    public var details: JSON?
    /// How long the server asks to wait: its `Retry-After` header, or else `details.retryAfterSeconds`.
    public var retryAfter: Duration?

    /// A status from its parts.
    public init(
        code: Int, reason: String, message: String, details: JSON? = nil, retryAfter: Duration? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.retryAfter = retryAfter ?? details?["retryAfterSeconds"]?.int.map { .seconds($0) }
    }

    /// The status in an answer's body, or nil where the body is no `v1` Status.
    ///
    /// The HTTP status code stands in where the body has no code, as does the reason that belongs to it.
    public init?(_ json: JSON, httpCode: Int? = nil) {
        guard json["kind"]?.string == "Status", json["apiVersion"]?.string == "v1" else { return nil }
        let code = json["code"]?.int ?? httpCode ?? (json["status"]?.string == "Success" ? 200 : 500)
        self.init(
            code: code, reason: json["reason"]?.string ?? Self.reason(forCode: code),
            message: json["message"]?.string ?? "", details: json["details"])
    }

    /// A status for an answer whose body says nothing that can be read.
    public init(httpCode code: Int, message: String) {
        self.init(code: code, reason: Self.reason(forCode: code), message: message)
    }

    /// The status as the API server sends it.
    public var json: JSON {
        var json: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:],
            "status": .string((200..<300).contains(code) ? "Success" : "Failure"),
        ]
        if !message.isEmpty { json["message"] = .string(message) }
        if !reason.isEmpty { json["reason"] = .string(reason) }
        if var details = details ?? retryAfter.map({ _ in [:] }) {
            if let retryAfter { details["retryAfterSeconds"] = .int(max(retryAfter.components.seconds, 1)) }
            json["details"] = details
        }
        json["code"] = JSON(code)
        return json
    }

    /// The reasons that Kubernetes gives for a code where nothing more exact is known.
    static func reason(forCode code: Int) -> String {
        switch code {
        case 200..<300: ""
        case 400: "BadRequest"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "NotFound"
        case 405: "MethodNotAllowed"
        case 406: "NotAcceptable"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "RequestEntityTooLarge"
        case 415: "UnsupportedMediaType"
        case 422: "Invalid"
        case 429: "TooManyRequests"
        case 500: "InternalError"
        case 503: "ServiceUnavailable"
        case 504: "Timeout"
        default: "Unknown"
        }
    }
}

extension APIStatus: CustomStringConvertible {
    public var description: String {
        let text = message.isEmpty ? "the API server answered \(code)" : message
        return reason.isEmpty ? text : "\(text) (\(reason))"
    }
}

extension APIStatus {
    /// Whether the object, or the resource, does not exist.
    public var isNotFound: Bool { code == 404 }
    /// Whether an object of that name exists already.
    public var isAlreadyExists: Bool { reason == "AlreadyExists" }
    /// Whether the object was changed by somebody else meanwhile, or another manager owns a field that was applied.
    public var isConflict: Bool { code == 409 && reason == "Conflict" }
    /// Whether the resource version, or the continue token, is too old to go on from: list anew.
    public var isExpired: Bool { reason == "Expired" || reason == "Gone" || code == 410 }
    /// Whether the caller may not do that.
    public var isForbidden: Bool { code == 403 }
    /// Whether the same request may well succeed later.
    public var isTransient: Bool { code == 429 || code == 408 || code >= 500 && code != 501 || retryAfter != nil }
}
