import Kube

/// A command for libcurl's thread.
enum CurlCommand {
    case start(Transfer)
    case cancel(Transfer)
    /// Nothing has come for so long.
    case giveUp(Transfer, Duration)
    case resume(Transfer)
    case stop
}

/// The pending commands for libcurl's thread, which wakes up for them.
final class Mailbox: Sendable {
    private struct State {
        var commands: [CurlCommand] = []
        var isClosed = false
        /// What ends the wait of libcurl's thread.
        var bell: CInt?
        var closedHandlers: [@Sendable () -> Void] = []
    }

    private let state: Locked<State> = Locked(State())

    /// Sets the bell to ring for commands. The caller keeps it open until ``close()``.
    func attach(bell: CInt) { state.withLock { $0.bell = bell } }

    /// Posts a command; false if the mailbox is closed.
    @discardableResult
    func post(_ command: CurlCommand) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            // One ring is enough for all pending commands. It never blocks, and the lock keeps the bell open.
            if state.commands.count == 1, let bell = state.bell { CurlSockets.ring(bell) }
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

    /// Calls a closure after ``close()``; false if the mailbox is already closed.
    func whenClosed(_ handler: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.closedHandlers.append(handler)
            return true
        }
    }

    /// Closes the mailbox; returns the pending commands, and the closures to call after cleanup.
    @discardableResult
    func close() -> (commands: [CurlCommand], handlers: [@Sendable () -> Void]) {
        state.withLock { state in
            state.isClosed = true
            state.bell = nil
            let rest = (state.commands, state.closedHandlers)
            state.commands = []
            state.closedHandlers = []
            return rest
        }
    }
}
