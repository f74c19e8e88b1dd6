import Kube

/// The answer to a request.
enum APIAnswer: Sendable {
    /// A complete response.
    case body(APIBody)
    /// A stream of events, which the server reads from the store while it sends.
    case watch(WatchCursor)
}

/// A complete response.
struct APIBody: Sendable {
    /// The HTTP status code.
    var code = 200
    /// The media type of the bytes.
    var contentType = "application/json"
    /// The texts of the `Warning` headers.
    var warnings: [String] = []
    /// The `Retry-After` header, in seconds.
    var retryAfter: Int?
    /// The body.
    var bytes: [UInt8]

    /// A response with JSON.
    init(code: Int = 200, _ json: JSON) {
        self.code = code
        bytes = json.encoded()
    }

    /// A response with encoded JSON.
    init(code: Int = 200, bytes: [UInt8]) {
        self.code = code
        self.bytes = bytes
    }

    /// A response with a status, such as an error.
    init(_ status: APIStatus) {
        self.init(code: status.code, status.json)
        retryAfter = status.retryAfter.map { max(Int($0.components.seconds), 1) }
    }
}
