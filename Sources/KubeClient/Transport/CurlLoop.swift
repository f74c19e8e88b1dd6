import CCurl
import Glibc
import Kube

/// The thread of libcurl, which owns the multi handle, all easy handles and all connections.
///
/// Other threads only post commands. It ends with ``stop()``, or when the last reference is released.
final class CurlLoop: Sendable {
    private let mailbox: Mailbox
    private let thread: Locked<pthread_t?>

    /// Starts the thread.
    init() {
        _ = Self.initialized
        let mailbox = Mailbox()
        self.mailbox = mailbox
        thread = Locked(Self.spawn(mailbox))
        // Without a thread there can be no transfers: every start fails with a clear error.
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
    func giveUp(_ transfer: Transfer, after silence: Duration) { mailbox.post(.giveUp(transfer, silence)) }
    func resume(_ transfer: Transfer) { mailbox.post(.resume(transfer)) }

    /// Ends all exchanges with an error, closes all connections and waits for the end of the thread.
    func stop() async {
        await withCheckedContinuation { continuation in
            mailbox.post(.stop)
            if !mailbox.whenClosed({ continuation.resume() }) { continuation.resume() }
        }
        // The thread only has to return, so this hardly blocks.
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
                // Other threads handle signals. This blocks SIGPIPE too: a closed peer is an error here.
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
