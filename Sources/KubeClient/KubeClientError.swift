/// Why a call did not come to an answer of the API: the connection, the answer's form, or the configuration.
///
/// What the API itself answers is thrown as `APIStatus`. The description is one line and never holds a credential.
public struct KubeClientError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is; later versions may add more.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The code's name, as in ``description``.
        public let description: String

        /// No connection: refused, unreachable, no such host, or the proxy would not have it.
        public static let cannotConnect = Code(description: "cannotConnect")
        /// No answer in time, or none that went on.
        public static let timedOut = Code(description: "timedOut")
        /// The TLS handshake failed, or one side's certificate was refused.
        public static let tls = Code(description: "tls")
        /// The connection broke before the answer was complete.
        public static let connectionLost = Code(description: "connectionLost")
        /// The answer is not what the Kubernetes API answers.
        public static let badResponse = Code(description: "badResponse")
        /// A kubeconfig, a credential or a certificate cannot be read or used.
        public static let configuration = Code(description: "configuration")
        /// The call cannot be made as it was asked for, such as with a name that no object can have.
        public static let invalidRequest = Code(description: "invalidRequest")
        /// The client was shut down.
        public static let cancelled = Code(description: "cancelled")
        /// A failure inside libcurl that is none of the above.
        public static let transport = Code(description: "transport")
    }

    /// The kind of failure.
    public var code: Code
    /// What was tried: method and URL without its query, or the file that was read.
    public var subject: String
    /// What is wrong and what would be right: one line, lower case, without a full stop.
    public var problem: String
    /// The HTTP status if an answer came.
    public var httpStatus: Int?

    /// An error; the problem is put on one line.
    public init(_ code: Code, subject: String, _ problem: String, httpStatus: Int? = nil) {
        self.code = code
        self.subject = subject.onOneLine(limit: 1000)
        self.problem = problem.onOneLine(limit: 2000)
        self.httpStatus = httpStatus
    }

    public var description: String { "\(subject): \(problem)" }
}

extension String {
    /// This text with control characters as blanks, cut after `limit` characters: for messages and logs.
    func onOneLine(limit: Int) -> String {
        var line = ""
        var count = 0
        for scalar in unicodeScalars {
            guard count < limit else { return line + "…" }
            let isControl =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.value == 0x2028 || scalar.value == 0x2029
            line.unicodeScalars.append(isControl ? " " : scalar)
            count += 1
        }
        return line
    }
}
