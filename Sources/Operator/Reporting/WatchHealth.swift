import Kube
import KubeRuntime
import Logging
import Observability

/// Reports when watches fail and when all work again: one log line each, however many watches there are.
final class WatchHealth: Sendable {
    private let failing = Locked<Set<WatchScope>>([])
    private let gauge: Gauge
    private let logger: Logger

    init(registry: MetricsRegistry, logger: Logger) {
        self.logger = logger
        gauge = registry.gauge(
            "tributary_watches_failing",
            help: "Watches that fail and are tried again; what they show may be out of date")
        gauge.set(to: 0)
    }

    /// Forgets a watch that has ended: it will not report that it works again.
    func forget(_ scope: WatchScope) {
        failing.withLock { failing in
            failing.remove(scope)
            gauge.set(to: Double(failing.count))
        }
    }

    /// Takes in a watch's state.
    func set(_ state: WatcherState, of scope: WatchScope) {
        switch state {
        case .starting: break
        case .failing(let reason), .forbidden(let reason):
            let isFirst = failing.withLock { failing in
                defer {
                    failing.insert(scope)
                    gauge.set(to: Double(failing.count))
                }
                return failing.isEmpty
            }
            if isFirst {
                logger.warning("a watch fails and is tried again", metadata: ["reason": "\(reason)"])
            }
        case .watching:
            let isLast = failing.withLock { failing in
                let wasFailing = failing.remove(scope) != nil
                gauge.set(to: Double(failing.count))
                return wasFailing && failing.isEmpty
            }
            if isLast { logger.info("all watches work again") }
        }
    }
}
