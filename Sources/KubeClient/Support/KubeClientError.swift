/// An error that prevented a response of the API: in the connection, the response or the configuration.
///
/// Errors of the API itself are thrown as `APIStatus`. The description is one line and never contains a credential.
public struct KubeClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of error; later versions may add more.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        /// The connection failed: refused, unreachable, unknown host, or refused by the proxy.
        public static let cannotConnect = Code(description: "cannotConnect")
        /// The response did not arrive or complete in time.
        public static let timedOut = Code(description: "timedOut")
        /// The TLS handshake failed, or a certificate was refused.
        public static let tls = Code(description: "tls")
        /// The connection broke before the response was complete.
        public static let connectionLost = Code(description: "connectionLost")
        /// The response is not a response of the Kubernetes API.
        public static let badResponse = Code(description: "badResponse")
        /// A kubeconfig, credential or certificate cannot be read or used.
        public static let configuration = Code(description: "configuration")
        /// The call is invalid, for example because of an invalid object name.
        public static let invalidRequest = Code(description: "invalidRequest")
        /// The client has shut down.
        public static let cancelled = Code(description: "cancelled")
        /// Any other error of libcurl.
        public static let transport = Code(description: "transport")
    }

    /// The kind of error.
    public var code: Code
    /// The operation: the method and the URL without its query, or the file.
    public var subject: String
    /// What was found and what would be right: one line, lower case, without a full stop.
    public var problem: String
    /// The HTTP status if there was a response.
    public var httpStatus: Int?

    /// Creates an error; line breaks in the texts become blanks.
    public init(_ code: Code, subject: String, _ problem: String, httpStatus: Int? = nil) {
        self.code = code
        self.subject = subject.onOneLine(limit: 1000)
        self.problem = problem.onOneLine(limit: 2000)
        self.httpStatus = httpStatus
    }

    /// `subject: problem`.
    public var description: String { "\(subject): \(problem)" }
}
