import Kube

extension KubeClient {
    /// The name of a call for messages, without the query, which can be long.
    func subject(_ call: Call) -> String { "\(call.method) \(cluster.server)\(call.path)" }

    /// Makes a call with retries and returns the last response, whatever its status.
    func send(_ call: Call) async throws -> HTTPResponse {
        var policy = RetryPolicy(options)
        while true {
            try Task.checkCancellation()
            let credential = try await credentials.current()
            let deadline = call.method == "GET" ? nil : timeToWrite.map { ContinuousClock.now + $0() }
            let request = request(
                call, credential, mode: .whole(limit: options.maximumBodySize),
                limits: TimeLimits(
                    connect: options.connectTimeout, stall: options.stallTimeout, total: options.callTimeout,
                    deadline: deadline))
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

    /// Starts a streaming call with retries. Throws `APIStatus` for a status other than 200.
    func openTransfer(_ call: Call, timeout: Duration) async throws -> Transfer {
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
                        throw HTTPResponse(head, []).wrongMediaType(subject(call))
                    }
                    return transfer
                }
                var body: [UInt8] = []
                while body.count < 1 << 20, let chunk = try await transfer.nextChunk() { body += chunk }
                transfer.cancel(CancellationError())
                response = HTTPResponse(head, body)
            } catch {
                throw failed(call, error)
            }
            guard try await retries(response.status, response.headers, credential, &policy) else {
                throw response.failure(subject(call))
            }
        }
    }

    // MARK: -

    private func request(
        _ call: Call, _ credential: RequestCredential, mode: TransferStateMachine.Mode, limits: TimeLimits
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

    /// The error for the caller, with the name of the call.
    private func failed(_ call: Call, _ error: any Error) -> any Error {
        guard let failure = error as? TransferFailure else { return error }
        // The server may have a certificate of another authority now, whose file has been replaced.
        if failure.kind == .tls { credentials.forgetFiles() }
        if failure.kind != .cancelled { options.onRequest?(call.method, cluster.server.authority, nil) }
        return KubeClientError(failure.kind, subject: subject(call), failure.problem)
    }

    /// Whether to retry; waits as long as the server asks for.
    private func retries(
        _ status: Int, _ headers: HTTPHeaders, _ credential: RequestCredential, _ policy: inout RetryPolicy
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
