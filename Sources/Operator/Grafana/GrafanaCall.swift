import Kube

/// A call of Grafana's HTTP API.
struct GrafanaCall: Sendable {
    var method: String
    /// The percent-encoded path behind the URL of the server.
    var path: String
    /// The organization in which the call takes effect; nil for calls of a server administrator.
    var organization: Int?
    var body: JSON?

    init(_ method: String, _ path: String, in organization: Int? = nil, _ body: JSON? = nil) {
        self.method = method
        self.path = path
        self.organization = organization
        self.body = body
    }

    /// The call in messages, without its body, which may hold credentials.
    var subject: String { "\(method) \(path)" }
}

/// What Grafana answers to a call.
struct GrafanaAnswer: Sendable {
    var status: Int
    /// The body; null if it is not JSON.
    var body: JSON
    /// What the answer says of a failure: one short line without credentials.
    var message: String

    var isSuccess: Bool { (200..<300).contains(status) }
}
