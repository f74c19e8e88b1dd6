import Kube
import KubeClient

/// Sends changed writes to one replica of the central Prometheus and reads its answers.
final class Upstream: Sendable {
    /// What became of a write.
    struct Reply: Sendable {
        var answer: RelayAnswer
        /// Whether the replica answered about the write. If not, it is down, starting, or something else.
        var isThere: Bool
    }

    private let url: String
    /// The host and the port, which names the replica.
    let host: String
    /// Read for each write, so that renewed authorities count at once.
    private let authoritiesFile: String?
    /// The same.
    private let login: (usernameFile: String, passwordFile: String)?
    private let timeout: Duration
    private let client = PlainClient()
    private let problem = Locked("")

    /// The most bytes of the body of an answer that are passed on.
    private static let bodyLimit = 4096

    /// The header fields of an answer that are passed on.
    private static let passed =
        ["Retry-After"]
        + ["Samples", "Histograms", "Exemplars"].map { "X-Prometheus-Remote-Write-\($0)-Written" }

    init(
        _ url: String, authoritiesFile: String?, login: (usernameFile: String, passwordFile: String)?, timeout: Duration
    ) {
        self.login = login
        self.url = url
        self.authoritiesFile = authoritiesFile
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        host = String(rest.prefix { $0 != "/" }.split(separator: "@").last ?? "")
        self.timeout = timeout
    }

    /// Why the replica was not there the last time.
    var lastError: String { problem.withLock(\.self) }

    func shutdown() async { await client.shutdown() }

    /// The answer of the replica, or one that says that there is none.
    func send(_ body: [UInt8], for request: RelayRequest) async -> Reply {
        var headers = [("Content-Type", request.version.contentType), ("Content-Encoding", "snappy")]
        if let version = request.writtenVersion { headers.append(("X-Prometheus-Remote-Write-Version", version)) }
        do {
            if let login {
                headers.append(
                    try PlainClient.authorization(usernameFile: login.usernameFile, passwordFile: login.passwordFile))
            }
            let response = try await client.post(
                url, headers: headers, userAgent: request.userAgent ?? "tributary-relay", body: body,
                authoritiesFile: authoritiesFile, within: timeout, responseLimit: Self.bodyLimit)
            let reply = Self.reply(response)
            if !reply.isThere { problem.withLock { $0 = "status \(response.status)" } }
            return reply
        } catch {
            problem.withLock { $0 = "\(error)" }
            let isLate = (error as? KubeClientError)?.code == .timedOut
            return Reply(
                answer: isLate
                    ? .refused(504, "the central Prometheus did not answer in time")
                    : .refused(502, "the central Prometheus cannot be reached"), isThere: false)
        }
    }

    private static func reply(_ response: HTTPResponse) -> Reply {
        switch response.status {
        case 300..<400, 401, 403, 404, 405:
            // Nothing of it is about the message. An agent would drop its samples.
            return Reply(
                answer: .refused(502, "the central Prometheus does not take remote writes: status \(response.status)"),
                isThere: false)
        case 200..<600:
            let headers = passed.compactMap { name in
                response.headers[name.lowercased()].map { RelayAnswer.Header(name: name, value: $0) }
            }
            return Reply(
                answer: RelayAnswer(
                    status: response.status, body: String(decoding: response.body, as: UTF8.self), headers: headers),
                // Prometheus answers 503 while it reads its write-ahead log, proxies 502 and 504 for one that is down.
                isThere: ![502, 503, 504].contains(response.status))
        default:
            return Reply(
                answer: .refused(502, "the central Prometheus answered with status \(response.status)"), isThere: false)
        }
    }
}
