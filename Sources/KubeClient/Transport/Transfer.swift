import Kube

/// An HTTP exchange, filled by libcurl's thread and read by one task.
final class Transfer: Sendable {
    let request: TransferRequest
    private let state: Locked<TransferStateMachine>
    private let loop: CurlLoop

    private init(_ request: TransferRequest, on loop: CurlLoop) {
        self.request = request
        self.loop = loop
        state = Locked(TransferStateMachine(mode: request.mode))
    }

    /// Starts an exchange.
    static func start(_ request: TransferRequest, on loop: CurlLoop) -> Transfer {
        let transfer = Transfer(request, on: loop)
        loop.start(transfer)
        return transfer
    }

    // MARK: - For the reading task

    /// Waits for the status and the header fields.
    func head() async throws -> HTTPHead {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(.head($0)) }
        } onCancel: {
            cancel(CancellationError())
        }
    }

    /// Waits for the next bytes of the body; nil at the end.
    func nextChunk() async throws -> [UInt8]? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(.chunk($0)) }
        } onCancel: {
            cancel(CancellationError())
        }
    }

    /// Waits for the complete response.
    func response() async throws -> HTTPResponse {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(.whole($0)) }
        } onCancel: {
            cancel(CancellationError())
        }
    }

    /// Cancels the exchange; a waiting task gets the error immediately.
    func cancel(_ error: any Error) {
        let (resumption, tellsLoop) = state.withLock { $0.cancel(error) }
        resumption.run()
        if tellsLoop { loop.cancel(self) }
    }

    /// Ends an exchange on which nothing has come for so long; a waiting task gets the error immediately.
    func giveUp(after silence: Duration) {
        let seconds = silence.milliseconds / 1000
        let failure = TransferFailure(kind: .timedOut, problem: "timed out: nothing came for \(seconds) s")
        let (resumption, tellsLoop) = state.withLock { $0.cancel(failure) }
        resumption.run()
        if tellsLoop { loop.giveUp(self, after: silence) }
    }

    private func wait(_ waiter: TransferStateMachine.Waiter) {
        let (resumption, resumes) = state.withLock { $0.wait(waiter) }
        resumption.run()
        if resumes { loop.resume(self) }
    }

    // MARK: - For libcurl's thread

    func receive(headerLine bytes: UnsafeBufferPointer<UInt8>) -> TransferStateMachine.Verdict {
        let (verdict, resumption) = state.withLock { $0.receive(headerLine: bytes) }
        resumption.run()
        return verdict
    }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> TransferStateMachine.Verdict {
        let (verdict, resumption) = state.withLock { $0.receive(bytes) }
        resumption.run()
        return verdict
    }

    /// Ends the exchange. A refusal by this client explains a failure better than libcurl does.
    func finish(_ result: Result<Void, TransferFailure>) {
        let resumption = state.withLock { state in
            var result = result.mapError { $0 as any Error }
            if case .failure = result, let refusal = state.refusal {
                result = .failure(TransferFailure(kind: .badResponse, problem: refusal))
            }
            return state.finish(result)
        }
        resumption.run()
    }
}
