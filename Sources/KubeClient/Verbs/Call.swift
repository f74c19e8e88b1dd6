import Kube

/// One call of the API, before it is known with which credentials it goes out.
struct Call: Sendable {
    var method: String
    /// Percent-encoded, beginning with a slash.
    var path: String
    var query: [(String, String)] = []
    var accept = "application/json"
    var contentType: String?
    var body: [UInt8]?
    /// Further header fields.
    var headers: [(String, String)] = []
}

extension KubeClient {
    /// How messages name a call: without query, which may be long and say too much.
    func subject(_ call: Call) -> String { "\(call.method) \(cluster.server)\(call.path)" }

    /// Makes a call, again where that is right, and returns whatever the server answers in the end.
    func send(_ call: Call) async throws -> HTTPResponse {
        var policy = RetryPolicy(options)
        while true {
            try Task.checkCancellation()
            let credential = try await credentials.current()
            let request = request(
                call, credential, mode: .whole(limit: options.maximumBodySize),
                limits: TimeLimits(
                    connect: options.connectTimeout, stall: options.stallTimeout, total: options.callTimeout))
            let response: HTTPResponse
            do {
                response = try await limiter.run { try await Transfer.start(request, on: self.loop).response() }
            } catch {
                throw failed(call, error)
            }
            note(call, response.status, response.headers)
            guard try await retries(response.status, response.headers, credential, &policy) else { return response }
        }
    }

    /// Begins a watch, again where that is right. Throws `APIStatus` for an answer other than 200.
    func open(_ call: Call, timeout: Duration) async throws -> WatchStream {
        var policy = RetryPolicy(options)
        while true {
            try Task.checkCancellation()
            let credential = try await credentials.current()
            let request = request(
                call, credential, mode: .stream(highMark: 256 * 1024),
                limits: TimeLimits(connect: options.connectTimeout, stall: options.stallTimeout, total: timeout))
            let transfer = Transfer.start(request, on: loop)
            let response: HTTPResponse
            do {
                let head = try await transfer.head()
                note(call, head.status, head.headers)
                if head.status == 200 {
                    guard head.mediaType == "application/json" else {
                        transfer.cancel(CancellationError())
                        throw Answer.wrongMediaType(HTTPResponse(head, []), subject(call))
                    }
                    return WatchStream(transfer, subject: subject(call), maximumEventSize: options.maximumEventSize)
                }
                var body: [UInt8] = []
                while body.count < 1 << 20, let chunk = try await transfer.nextChunk() { body += chunk }
                transfer.cancel(CancellationError())
                response = HTTPResponse(head, body)
            } catch {
                throw failed(call, error)
            }
            guard try await retries(response.status, response.headers, credential, &policy) else {
                throw Answer.failure(response, subject(call))
            }
        }
    }

    // MARK: -

    private func request(
        _ call: Call, _ credential: Credential, mode: TransferStateMachine.Mode, limits: TimeLimits
    ) -> TransferRequest {
        let server = cluster.server
        var headers = ["Accept: \(call.accept)"]
        var authority = server.authority
        if let name = cluster.effectiveTLSName {
            headers.append("Host: \(authority)")
            authority = "\(name):\(server.port)"
        }
        if let contentType = call.contentType { headers.append("Content-Type: \(contentType)") }
        if let authorization = credential.authorization { headers.append("Authorization: \(authorization.value)") }
        if let impersonation = cluster.impersonation { headers += impersonation.headers }
        for (name, value) in call.headers { headers.append(value.isEmpty ? "\(name);" : "\(name): \(value)") }
        var url = "\(server.scheme)://\(authority)\(server.path)\(call.path)"
        if !call.query.isEmpty { url += "?\(PercentEncoding.query(call.query))" }
        return TransferRequest(
            method: call.method, url: url, headers: headers, body: call.body, mode: mode,
            connection: credential.connection, limits: limits, userAgent: options.userAgent)
    }

    private func note(_ call: Call, _ status: Int, _ headers: HTTPHeaders) {
        options.onRequest?(call.method, cluster.server.authority, status)
        warnings.log(headers)
    }

    /// The error for the caller, with what was tried.
    private func failed(_ call: Call, _ error: any Error) -> any Error {
        guard let failure = error as? TransferFailure else { return error }
        if failure.kind != .cancelled { options.onRequest?(call.method, cluster.server.authority, nil) }
        return KubeClientError(failure.kind, subject: subject(call), failure.problem)
    }

    /// Whether to try again; waits as long as the server asks for.
    private func retries(
        _ status: Int, _ headers: HTTPHeaders, _ credential: Credential, _ policy: inout RetryPolicy
    ) async throws -> Bool {
        switch policy.next(status, retryAfter: headers["retry-after"]) {
        case .stop: return false
        case .refresh: return try await credentials.refresh(after: credential)
        case .wait(let delay):
            try await Task.sleep(for: delay, clock: .continuous)
            return true
        }
    }
}

extension HTTPResponse {
    init(_ head: HTTPHead, _ body: [UInt8]) { self.init(status: head.status, headers: head.headers, body: body) }
}

/// When a call is made again.
///
/// As client-go does: up to ten times, and only where the server sends `Retry-After`, since then it has not done what it
/// was asked to; the wait is at least a growing one of ours, as kube-rs has it.
struct RetryPolicy {
    enum Step: Equatable {
        case stop
        case refresh
        case wait(Duration)
    }

    private let maximumRetries: Int
    private let maximumDelay: Duration
    private var retries = 0
    private var hasRefreshed = false

    init(_ options: KubeClient.Options) {
        maximumRetries = options.maximumRetries
        maximumDelay = options.maximumRetryDelay
    }

    mutating func next(_ status: Int, retryAfter: String?) -> Step {
        if status == 401 {
            guard !hasRefreshed else { return .stop }
            hasRefreshed = true
            return .refresh
        }
        guard status == 429 || status >= 500, let delay = RetryPolicy.delay(retryAfter), delay <= maximumDelay,
            retries < maximumRetries
        else { return .stop }
        let backoff = Duration.milliseconds(5) * (1 << min(retries, 12))
        retries += 1
        return .wait(min(max(delay, backoff), maximumDelay))
    }

    /// `Retry-After` in seconds, as API servers send it.
    static func delay(_ header: String?) -> Duration? {
        guard let seconds = header.flatMap({ Int($0) }), (0...1_000_000).contains(seconds) else { return nil }
        return .seconds(seconds)
    }
}

extension ClusterConfiguration.Impersonation {
    var headers: [String] {
        var headers = ["Impersonate-User: \(user)"]
        if let uid { headers.append("Impersonate-Uid: \(uid)") }
        headers += groups.map { "Impersonate-Group: \($0)" }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            headers += values.map { "Impersonate-Extra-\(PercentEncoding.segment(key)): \($0)" }
        }
        return headers
    }
}
