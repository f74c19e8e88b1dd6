import CCurl
import Glibc
import Kube

/// The one thread on which libcurl runs: it owns the multi handle, all easy handles and so all connections.
///
/// Other threads only leave commands and wake it. Stop it with ``stop()``; if it is let go without, it stops by itself.
final class CurlLoop: Sendable {
    private let mailbox: Mailbox
    private let thread: Locked<pthread_t?>

    /// Starts the thread.
    init() {
        _ = Self.initialized
        let mailbox = Mailbox()
        self.mailbox = mailbox
        thread = Locked(Self.spawn(mailbox))
        // Without a thread nothing can ever be transferred: let every start fail with a clear error.
        if thread.withLock({ $0 == nil }) { mailbox.close() }
    }

    deinit {
        mailbox.post(.stop)
        if let thread = thread.withLock({ $0.take() }) { pthread_detach(thread) }
    }

    func start(_ transfer: Transfer) {
        if !mailbox.post(.start(transfer)) { transfer.finish(.failure(.shutDown)) }
    }
    func cancel(_ transfer: Transfer) { mailbox.post(.cancel(transfer)) }
    func resume(_ transfer: Transfer) { mailbox.post(.resume(transfer)) }

    /// Ends all exchanges with an error, closes all connections and waits for the thread's end.
    func stop() async {
        await withCheckedContinuation { continuation in
            mailbox.post(.stop)
            if !mailbox.whenClosed({ continuation.resume() }) { continuation.resume() }
        }
        // The thread has nothing left to do but return, so this does not block to speak of.
        if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
    }

    // MARK: -

    /// libcurl's global state, set up once, before any thread uses it.
    private static let initialized = curl_global_init(Int(CURL_GLOBAL_ALL))

    private static func spawn(_ mailbox: Mailbox) -> pthread_t? {
        guard let runner = CurlRunner(mailbox) else { return nil }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(runner)
        let result = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let runner = Unmanaged<CurlRunner>.fromOpaque(context).takeRetainedValue()
                // Signals are for the other threads. SIGPIPE is among those blocked: a peer that closed is an error here.
                var signals = sigset_t()
                sigfillset(&signals)
                for fault in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGPROF] { sigdelset(&signals, fault) }
                pthread_sigmask(SIG_BLOCK, &signals, nil)
                runner.run()
                return nil
            }, context.toOpaque())
        guard result == 0 else {
            context.release()
            return nil
        }
        return thread
    }
}

extension TransferFailure {
    static let shutDown = TransferFailure(kind: .cancelled, problem: "the client is shut down")
}

/// What other threads tell libcurl's thread.
enum CurlCommand {
    case start(Transfer)
    case cancel(Transfer)
    case resume(Transfer)
    case stop
}

/// The commands that wait for libcurl's thread, and the means to wake it.
final class Mailbox: Sendable {
    private struct State {
        var commands: [CurlCommand] = []
        var isClosed = false
        /// The multi handle; waking it is the only thing that other threads may do with it.
        var multi: UnsafeMutableRawPointer?
        var closedHandlers: [@Sendable () -> Void] = []
    }

    private let state: Locked<State> = Locked(State())

    /// Says which multi handle is to be woken. The caller keeps it valid until ``close()``.
    func attach(_ multi: UnsafeMutableRawPointer) {
        nonisolated(unsafe) let multi = multi
        state.withLock { $0.multi = multi }
    }

    /// Leaves a command; false if nobody will ever take it.
    @discardableResult
    func post(_ command: CurlCommand) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            // One wake-up is enough for all commands that wait. It never blocks, and the lock keeps the handle valid.
            if state.commands.count == 1, let multi = state.multi { curl_multi_wakeup(multi) }
            return true
        }
    }

    /// Takes all commands.
    func takeAll() -> [CurlCommand] {
        state.withLock { state in
            var commands: [CurlCommand] = []
            swap(&commands, &state.commands)
            return commands
        }
    }

    /// Has a closure called after ``close()``; false if that is past.
    func whenClosed(_ handler: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.closedHandlers.append(handler)
            return true
        }
    }

    /// Takes no more commands and returns those that nobody took, and those to tell once all is cleaned up.
    @discardableResult
    func close() -> (commands: [CurlCommand], handlers: [@Sendable () -> Void]) {
        state.withLock { state in
            state.isClosed = true
            state.multi = nil
            let rest = (state.commands, state.closedHandlers)
            state.commands = []
            state.closedHandlers = []
            return rest
        }
    }
}
