import Kube

#if canImport(Glibc)
import Glibc
#endif

/// Tells on a terminal what a command does for as long as that takes more than a second.
///
/// It writes to standard error, and only if that is a terminal. Commands with output for programs switch it off.
final class Progress: Sendable {
    /// The one of this process.
    static let shared = Progress()

    private struct State: Sendable {
        var line = ProgressLine()
        var isOn: Bool
        var task: Task<Void, Never>?
    }

    private let state: Locked<State>
    private let start = ContinuousClock.now

    private init() {
        let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
        state = Locked(State(isOn: isatty(STDERR_FILENO) == 1 && !["", "dumb"].contains(terminal)))
    }

    private var now: Duration { ContinuousClock.now - start }

    /// Tells nothing: the output is for a program.
    func turnOff() { state.withLock { $0.isOn = false } }

    /// Tells what the command does now, such as `reading a.yaml`.
    func step(_ text: String) {
        let now = now
        state.withLock { state in
            guard state.isOn else { return }
            state.line.step(text, now: now)
            state.line.update(now: now).map(Output.raw)
            guard state.task == nil else { return }
            // A step that takes long is shown although no other follows.
            state.task = Task.detached { [self] in
                while !Task.isCancelled {
                    do { try await Task.sleep(for: .milliseconds(250)) } catch { return }
                    update()
                }
            }
        }
    }

    private func update() {
        let now = now
        state.withLock { $0.line.update(now: now).map(Output.raw) }
    }

    /// Takes the line away, so that other output begins at the start of a line. The next step brings it back.
    func clear() { state.withLock { $0.line.clear().map(Output.raw) } }

    /// Takes the line away for good.
    func end() {
        state.withLock { state in
            state.task?.cancel()
            state.isOn = false
            state.line.clear().map(Output.raw)
        }
    }
}
