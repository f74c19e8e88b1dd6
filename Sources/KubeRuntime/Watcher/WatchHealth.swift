import Kube
public import Logging
public import Observability

/// Reports which watches fail, and when all work again: a log line each minute while some fail, and a line of
/// `/readyz?verbose`.
public final class WatchHealth: Sendable {
    /// How often failing watches are logged.
    private static let interval = Duration.seconds(60)
    /// How many failing watches a line names.
    private static let mostNamed = 5

    private let failing = Locked<[WatchScope: String]>([:])
    private let all = Locked<[WatchScope: WatcherState]>([:])
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let gauge: Gauge
    private let logger: Logger
    private let time: TimeSource

    /// No watches yet; sets a metric of a registry.
    public init(registry: MetricsRegistry, logger: Logger, time: TimeSource = .system) {
        self.logger = logger
        self.time = time
        gauge = registry.gauge(
            "tributary_watches_failing",
            help: "Watches that fail and are tried again; what they show may be out of date")
        gauge.set(to: 0)
    }

    /// The watches that fail and why, in one line; nil if all work.
    public var problem: String? { Self.line(failing.withLock { $0 }) }

    /// The states of all watches.
    public var states: [WatchScope: WatcherState] { all.withLock { $0 } }

    /// Logs until the task is cancelled; only one task at a time may call this.
    public func run() async {
        for await _ in wakes.stream {
            while let problem {
                logger.warning("watches fail and are tried again: \(problem)")
                do {
                    try await time.sleep(Self.interval)
                } catch {
                    return
                }
            }
        }
    }

    /// Forgets a watch that has ended: it will not report that it works again.
    public func forget(_ scope: WatchScope) {
        all.withLock { $0[scope] = nil }
        set(nil, of: scope)
    }

    /// Takes in a watch's state.
    public func set(_ state: WatcherState, of scope: WatchScope) {
        all.withLock { $0[scope] = state }
        switch state {
        case .starting: break
        case .failing(let reason), .forbidden(let reason):
            set(reason, of: scope)
            wakes.continuation.yield()
        case .watching: if set(nil, of: scope) { logger.info("all watches work again") }
        }
    }

    /// Notes why a watch fails; returns whether it was the last one that failed.
    @discardableResult
    private func set(_ reason: String?, of scope: WatchScope) -> Bool {
        failing.withLock { failing in
            let wasFailing = failing[scope] != nil
            failing[scope] = reason
            gauge.set(to: Double(failing.count))
            return wasFailing && failing.isEmpty
        }
    }

    private static func line(_ failing: [WatchScope: String]) -> String? {
        guard !failing.isEmpty else { return nil }
        let named = failing.map { "\($0.key.summary): \($0.value)" }.sorted()
        let more = named.count > mostNamed ? "; and \(named.count - mostNamed) more" : ""
        return named.prefix(mostNamed).joined(separator: "; ") + more
    }
}

extension WatchScope {
    /// The scope in words, as log lines name it.
    public var summary: String {
        let place = namespace.map { " of namespace \($0)" } ?? ""
        let labels = labelSelector.map { " with \($0)" } ?? ""
        let fields = fieldSelector.map { " with \($0)" } ?? ""
        return "\(resource)\(place)\(labels)\(fields)"
    }
}
