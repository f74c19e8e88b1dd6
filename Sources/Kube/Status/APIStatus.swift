/// The API server's response to a failed request: `meta/v1` Status.
///
/// The `ERROR` event of a watch and the responses to some successful deletions also contain a Status.
public struct APIStatus: Error, Sendable, Hashable {
    /// The HTTP status code.
    public var code: Int
    /// The reason in one word, for programs: `NotFound`, `Conflict`, `Expired`, …
    public var reason: String
    /// The reason for people.
    public var message: String
    /// The `details` member: name, group, kind, `causes`, `retryAfterSeconds`.
    public var details: JSON?
    /// How long the server asks the client to wait: the `Retry-After` header, or else `details.retryAfterSeconds`.
    public var retryAfter: Duration?

    /// Creates a status; without `retryAfter`, the wait of the details applies.
    public init(
        code: Int, reason: String, message: String, details: JSON? = nil, retryAfter: Duration? = nil
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.retryAfter = retryAfter ?? details?["retryAfterSeconds"]?.int.flatMap(Self.retryDelay)
    }

    /// The wait that a server asks for in seconds; nil if it is negative or longer than 1,000,000 s.
    ///
    /// No API server asks for such a wait, and adding it to a time could overflow.
    public static func retryDelay(seconds: Int) -> Duration? {
        (0...1_000_000).contains(seconds) ? .seconds(seconds) : nil
    }

    /// Reads a status from the body of a response; nil if the body is not a `v1` Status.
    ///
    /// If the body has no code, the HTTP status code applies. If it has no reason, that of the code applies.
    public init?(_ json: JSON, httpCode: Int? = nil) {
        guard json["kind"]?.string == "Status", json["apiVersion"]?.string == "v1" else { return nil }
        let code = json["code"]?.int ?? httpCode ?? (json["status"]?.string == "Success" ? 200 : 500)
        self.init(
            code: code, reason: json["reason"]?.string ?? Self.reason(forCode: code),
            message: json["message"]?.string ?? "", details: json["details"])
    }

    /// Creates a status for a response without a readable body.
    public init(httpCode code: Int, message: String) {
        self.init(code: code, reason: Self.reason(forCode: code), message: message)
    }

    /// The status as JSON.
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

    /// The reason that Kubernetes gives for a code by default.
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
    /// The message and the reason: `pods "a" not found (NotFound)`.
    public var description: String {
        let text = message.isEmpty ? "the API server responded with \(code)" : message
        return reason.isEmpty ? text : "\(text) (\(reason))"
    }
}

extension APIStatus {
    /// Whether the object, or the resource, does not exist.
    public var isNotFound: Bool { code == 404 }
    /// Whether an object of that name already exists.
    public var isAlreadyExists: Bool { reason == "AlreadyExists" }
    /// Whether the object has changed since it was read, or another manager owns an applied field.
    public var isConflict: Bool { code == 409 && reason == "Conflict" }
    /// Whether the resource version or continue token is too old, so that a new list is needed.
    public var isExpired: Bool { reason == "Expired" || reason == "Gone" || code == 410 }
    /// Whether the caller lacks permission.
    public var isForbidden: Bool { code == 403 }
    /// Whether the same request may succeed later.
    public var isTransient: Bool { code == 429 || code == 408 || code >= 500 && code != 501 || retryAfter != nil }
}
