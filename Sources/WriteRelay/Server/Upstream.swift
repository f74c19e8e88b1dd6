import Kube
import KubeClient
import Logging

/// Sends changed writes to the central Prometheus and reads its answers.
final class Upstream: Sendable {
    private let url: String
    private let timeout: Duration
    private let client = PlainClient()
    private let logger: Logger
    /// Whether the last request got an answer.
    private let isReached = Locked(true)

    /// The most bytes of the body of an answer that are passed on.
    private static let bodyLimit = 4096

    /// The header fields of an answer that are passed on.
    private static let passed =
        ["Retry-After"]
        + ["Samples", "Histograms", "Exemplars"].map { "X-Prometheus-Remote-Write-\($0)-Written" }

    init(_ configuration: RelayConfiguration, logger: Logger) {
        url = configuration.upstream
        timeout = configuration.upstreamTimeout
        self.logger = logger
    }

    func shutdown() async { await client.shutdown() }

    /// The answer of the central Prometheus, or one that says that there is none.
    func send(_ body: [UInt8], for request: RelayRequest) async -> RelayAnswer {
        var headers = [("Content-Type", request.version.contentType), ("Content-Encoding", "snappy")]
        if let version = request.writtenVersion { headers.append(("X-Prometheus-Remote-Write-Version", version)) }
        do {
            let response = try await client.post(
                url, headers: headers, userAgent: request.userAgent ?? "tributary-relay", body: body, within: timeout,
                responseLimit: Self.bodyLimit)
            note(nil)
            return answer(response)
        } catch {
            note(error)
            let isLate = (error as? KubeClientError)?.code == .timedOut
            return isLate
                ? .refused(504, "the central Prometheus did not answer in time")
                : .refused(502, "the central Prometheus cannot be reached")
        }
    }

    private func answer(_ response: HTTPResponse) -> RelayAnswer {
        switch response.status {
        case 300..<400, 401, 403, 404, 405:
            // Nothing of it is about the message. An agent would drop its samples.
            return .refused(502, "the central Prometheus does not take remote writes: status \(response.status)")
        case 200..<600:
            let headers = Self.passed.compactMap { name in
                response.headers[name.lowercased()].map { RelayAnswer.Header(name: name, value: $0) }
            }
            return RelayAnswer(
                status: response.status, body: String(decoding: response.body, as: UTF8.self), headers: headers)
        default: return .refused(502, "the central Prometheus answered with status \(response.status)")
        }
    }

    /// Logs when the central Prometheus is lost and when it is back.
    private func note(_ error: (any Error)?) {
        let hasChanged = isReached.withLock { isReached in
            defer { isReached = error == nil }
            return isReached != (error == nil)
        }
        guard hasChanged else { return }
        if let error {
            logger.warning("the central Prometheus cannot be reached", metadata: ["error": "\(error)"])
        } else {
            logger.info("the central Prometheus can be reached again")
        }
    }
}
