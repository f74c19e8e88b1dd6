import Kube

/// An action that works from the newest state: it never runs twice at once, and it runs once more if somebody asks for it
/// while it runs.
///
/// The action runs in the thread that asks for it, without a lock. A caller that finds it running does not wait.
public final class CoalescedAction: Sendable {
    private enum State {
        case idle
        case running
        case runningAndAsked
    }

    private let state = Locked(State.idle)

    /// An action that does not run yet.
    public init() {}

    /// Runs the action until it has seen everything that was there when it was last asked for.
    public func run(_ action: () -> Void) {
        let isFirst = state.withLock { state in
            defer { state = state == .idle ? .running : .runningAndAsked }
            return state == .idle
        }
        guard isFirst else { return }
        var isAsked = true
        while isAsked {
            action()
            isAsked = state.withLock { state in
                defer { state = state == .runningAndAsked ? .running : .idle }
                return state == .runningAndAsked
            }
        }
    }
}
