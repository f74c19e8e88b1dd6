import Kube

/// A call of a server other than the API server.
public struct PlainCall: Sendable {
    /// The HTTP method.
    public var method: String
    /// The complete URL.
    public var url: String
    /// The user and the password of basic authentication.
    public var user: Redacted<(name: String, password: String)>?
    /// Other header fields.
    public var headers: [(String, String)]
    /// The body, which is JSON; nil for none.
    public var body: [UInt8]?
    /// The authorities that the certificate of the server is checked with, in PEM; nil for those of the system.
    public var authorities: [UInt8]?

    /// A call.
    public init(
        _ method: String, _ url: String, user: Redacted<(name: String, password: String)>? = nil,
        headers: [(String, String)] = [], body: [UInt8]? = nil,
        authorities: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.user = user
        self.headers = headers
        self.body = body
        self.authorities = authorities
    }
}

extension KubeClient {
    /// Calls a server other than the API server and returns its response, whatever its status.
    ///
    /// The call uses no proxy, follows no redirects and trusts the authorities of the system unless it has others. Throws
    /// ``KubeClientError`` if the call fails, takes longer than `limit` or has an answer of more than `most` bytes.
    public func callPlainly(
        _ call: PlainCall, within limit: Duration, atMost most: Int
    ) async throws -> HTTPResponse {
        var headers = ["Accept: application/json"]
        if call.body != nil { headers.append("Content-Type: application/json") }
        if let user = call.user?.value {
            headers.append("Authorization: Basic \(Base64.encode("\(user.name):\(user.password)".utf8))")
        }
        for (name, value) in call.headers { headers.append("\(name): \(value)") }
        let connection = ConnectionSettings(authorities: call.authorities)
        let request = TransferRequest(
            method: call.method, url: call.url, headers: headers, body: call.body, mode: .whole(limit: most),
            connection: connection,
            limits: TimeLimits(connect: min(limit, .seconds(5)), total: limit), userAgent: options.userAgent)
        do {
            return try await Transfer.start(request, on: loop).response()
        } catch let failure as TransferFailure {
            throw KubeClientError(failure.kind, subject: "\(call.method) \(call.url)", failure.problem)
        }
    }
}
