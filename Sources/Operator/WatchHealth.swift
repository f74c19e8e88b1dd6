import Kube
import KubeRuntime
import Logging

/// Tells people when watches fail and when they work again: one line each, however many watches there are.
final class WatchHealth: Sendable {
    private let failing = Locked<Set<WatchScope>>([])
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Forgets a watch that has ended: it says no more, and should not stand for trouble that others have.
    func forget(_ scope: WatchScope) { _ = failing.withLock { $0.remove(scope) } }

    /// Takes in a watch's state.
    func set(_ state: WatcherState, of scope: WatchScope) {
        switch state {
        case .starting: break
        case .failing(let reason):
            let isFirst = failing.withLock { failing in
                defer { failing.insert(scope) }
                return failing.isEmpty
            }
            if isFirst {
                logger.warning("a watch fails; trying again", metadata: ["reason": "\(reason)"])
            }
        case .watching:
            let isLast = failing.withLock { failing in failing.remove(scope) != nil && failing.isEmpty }
            if isLast { logger.info("all watches work again") }
        }
    }
}
