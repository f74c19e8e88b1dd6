import Kube

/// A call of the API, without credentials.
struct Call: Sendable {
    /// The HTTP method.
    var method: String
    /// The percent-encoded path, which starts with a slash.
    var path: String
    /// The query parameters, not encoded.
    var query: [(String, String)] = []
    /// The accepted media type.
    var accept = "application/json"
    /// The media type of the body.
    var contentType: String?
    /// The body.
    var body: [UInt8]?
    /// Other header fields.
    var headers: [(String, String)] = []
}
