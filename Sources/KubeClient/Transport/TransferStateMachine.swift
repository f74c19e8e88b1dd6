/// The state machine of an HTTP exchange, between libcurl's thread, which fills it, and the task that reads it.
///
/// Its methods return actions, which the caller performs after releasing the lock.
struct TransferStateMachine {
    /// How the body is delivered.
    enum Mode: Sendable, Hashable {
        /// As a whole at the end; more bytes than the limit are an error.
        case whole(limit: Int)
        /// In chunks; libcurl pauses while more bytes than the mark are unread.
        case stream(highMark: Int)
    }

    /// The response to libcurl for received bytes.
    enum Verdict: Equatable { case taken, paused, refused }

    /// A waiting task; there is only one at a time.
    enum Waiter {
        case head(CheckedContinuation<HTTPHead, any Error>)
        case chunk(CheckedContinuation<[UInt8]?, any Error>)
        case whole(CheckedContinuation<HTTPResponse, any Error>)
    }

    /// A waiter and its result.
    enum Resumption {
        case none
        case head(CheckedContinuation<HTTPHead, any Error>, Result<HTTPHead, any Error>)
        case chunk(CheckedContinuation<[UInt8]?, any Error>, Result<[UInt8]?, any Error>)
        case whole(CheckedContinuation<HTTPResponse, any Error>, Result<HTTPResponse, any Error>)

        /// Resumes the waiter. Never call it while holding a lock.
        func run() {
            switch self {
            case .none: break
            case .head(let continuation, let result): continuation.resume(with: result)
            case .chunk(let continuation, let result): continuation.resume(with: result)
            case .whole(let continuation, let result): continuation.resume(with: result)
            }
        }
    }

    private let mode: Mode
    private var parser = HTTPHeadParser()
    private var head: HTTPHead?
    private var body: [UInt8] = []
    private var isPaused = false
    private var end: Result<Void, any Error>?
    private var waiter: Waiter?
    /// Why this client stopped libcurl, if it did.
    private(set) var refusal: String?

    init(mode: Mode) { self.mode = mode }

    // MARK: - From libcurl's thread

    /// libcurl received a line of the head.
    mutating func receive(headerLine bytes: UnsafeBufferPointer<UInt8>) -> (Verdict, Resumption) {
        guard end == nil else { return (.refused, .none) }
        switch parser.take(bytes) {
        case .goesOn: return (.taken, .none)
        case .refused(let reason):
            refusal = reason
            return (.refused, .none)
        case .complete(let head):
            self.head = head
            if case .whole(let limit) = mode, let length = head.headers["content-length"].flatMap({ Int($0) }) {
                body.reserveCapacity(Swift.min(length, limit, 1 << 20))
            }
            return (.taken, serve())
        }
    }

    /// libcurl received a chunk of the body.
    mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) -> (Verdict, Resumption) {
        guard end == nil else { return (.refused, .none) }
        switch mode {
        case .whole(let limit):
            guard body.count + bytes.count <= limit else {
                refusal = "the response is longer than \(limit) bytes"
                return (.refused, .none)
            }
            body.append(contentsOf: bytes)
            return (.taken, .none)
        case .stream(let highMark):
            guard body.isEmpty || body.count + bytes.count <= highMark else {
                isPaused = true
                return (.paused, .none)
            }
            body.append(contentsOf: bytes)
            return (.taken, serve())
        }
    }

    /// The exchange ended; only the first call has an effect.
    mutating func finish(_ result: Result<Void, any Error>) -> Resumption {
        guard end == nil else { return .none }
        end = result
        if case .failure = result, case .whole = mode { body = [] }
        return serve()
    }

    // MARK: - From the reading task

    /// A task waits for the head, the next chunk or the complete response, which may already be available.
    ///
    /// The second value is whether libcurl is paused and should resume.
    mutating func wait(_ new: Waiter) -> (Resumption, resumes: Bool) {
        precondition(waiter == nil, "two tasks read one transfer")
        waiter = new
        let resumption = serve()
        if case .chunk = resumption, isPaused, end == nil {
            isPaused = false
            return (resumption, true)
        }
        return (resumption, false)
    }

    /// The task cancels the exchange. The second value is whether libcurl's thread must be notified.
    mutating func cancel(_ error: any Error) -> (Resumption, tellsLoop: Bool) {
        guard end == nil else { return (.none, false) }
        body = []
        return (finish(.failure(error)), true)
    }

    // MARK: -

    /// The resumption of the waiter if its result is available.
    private mutating func serve() -> Resumption {
        guard let waiter else { return .none }
        let resumption: Resumption
        switch waiter {
        case .head(let continuation):
            if let head {
                resumption = .head(continuation, .success(head))
            } else if let end {
                resumption = .head(continuation, end.flatMap { .failure(Self.headless) })
            } else {
                return .none
            }
        case .chunk(let continuation):
            if !body.isEmpty {
                var chunk: [UInt8] = []
                swap(&chunk, &body)
                resumption = .chunk(continuation, .success(chunk))
            } else if let end {
                resumption = .chunk(continuation, end.map { nil })
            } else {
                return .none
            }
        case .whole(let continuation):
            guard let end else { return .none }
            if case .failure(let error) = end {
                resumption = .whole(continuation, .failure(error))
            } else if let head {
                var whole: [UInt8] = []
                swap(&whole, &body)
                let response = HTTPResponse(status: head.status, headers: head.headers, body: whole)
                resumption = .whole(continuation, .success(response))
            } else {
                resumption = .whole(continuation, .failure(Self.headless))
            }
        }
        self.waiter = nil
        return resumption
    }

    private static let headless = TransferFailure(kind: .badResponse, problem: "the response has no head")
}
