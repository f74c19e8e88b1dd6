import DequeModule
import Kube

/// Limits the number of concurrent calls. Further calls wait in the order of their arrival.
///
/// Over HTTP/2, all calls and watches share a connection with a limited number of streams (kube-apiserver: 100), so
/// unlimited calls would make watches wait.
final class CallLimiter: Sendable {
    private let state: Locked<CallLimiterStateMachine<CheckedContinuation<Void, any Error>>>

    init(limit: Int) { state = Locked(CallLimiterStateMachine(limit: max(1, limit))) }

    /// Runs a call when its turn comes. Throws `CancellationError` if the task is cancelled before that.
    func run<Result: Sendable>(_ call: () async throws -> Result) async throws -> Result {
        try await acquire()
        defer { release() }
        return try await call()
    }

    /// The number of running calls.
    var running: Int { state.withLock { $0.running } }

    private func acquire() async throws {
        guard let ticket = state.withLock({ $0.enter() }) else { return }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch state.withLock({ $0.wait(ticket, continuation) }) {
                case .waits: break
                case .goesAhead: continuation.resume()
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            state.withLock { $0.cancel(ticket) }?.resume(throwing: CancellationError())
        }
    }

    private func release() { state.withLock { $0.leave() }?.resume() }
}

/// The state machine of ``CallLimiter``. A waiter is what the caller resumes.
struct CallLimiterStateMachine<Waiter> {
    enum Wait { case waits, goesAhead, cancelled }
    struct Ticket: Hashable { fileprivate var number: Int }

    private enum Entry {
        /// Has a ticket from `enter`, but does not wait yet.
        case announced
        case waiting(Waiter)
        /// Its turn came before it started to wait.
        case admitted
        case cancelled
    }

    let limit: Int
    private(set) var running = 0
    private var queue: Deque<Ticket> = []
    private var entries: [Ticket: Entry] = [:]
    private var last = 0

    init(limit: Int) { self.limit = limit }

    /// A call starts; nil if it can run immediately.
    mutating func enter() -> Ticket? {
        if running < limit {
            running += 1
            return nil
        }
        last += 1
        let ticket = Ticket(number: last)
        queue.append(ticket)
        entries[ticket] = .announced
        return ticket
    }

    /// The task of a call starts to wait.
    mutating func wait(_ ticket: Ticket, _ waiter: Waiter) -> Wait {
        switch entries[ticket] {
        case .announced:
            entries[ticket] = .waiting(waiter)
            return .waits
        case .admitted:
            entries[ticket] = nil
            return .goesAhead
        case .cancelled, .waiting, nil:
            entries[ticket] = nil
            return .cancelled
        }
    }

    /// The task of a call was cancelled; returns the waiter to resume if it was still waiting.
    mutating func cancel(_ ticket: Ticket) -> Waiter? {
        switch entries[ticket] {
        case .announced:
            entries[ticket] = .cancelled
            return nil
        case .waiting(let waiter):
            entries[ticket] = nil
            return waiter
        case .admitted, .cancelled, nil: return nil
        }
    }

    /// A call ended; returns the waiter whose turn it is.
    mutating func leave() -> Waiter? {
        while let ticket = queue.popFirst() {
            switch entries[ticket] {
            case .waiting(let waiter):
                entries[ticket] = nil
                return waiter
            case .announced:
                entries[ticket] = .admitted
                return nil
            case .admitted, .cancelled, nil: continue
            }
        }
        running -= 1
        return nil
    }
}
