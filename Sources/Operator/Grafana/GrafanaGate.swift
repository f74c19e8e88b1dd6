import PlanningInput

/// Whether a Grafana server can be asked: closed for a while after it has failed, for twice as long each time.
struct GrafanaGate: Sendable {
    private static let first = Duration.seconds(2)
    /// Short, since one call each half minute costs nothing, and a server that is back is used soon.
    private static let longest = Duration.seconds(30)

    private var failures = 0
    private var opensAt = Duration.zero
    /// Why it failed last; nil if it works.
    private(set) var problem: GrafanaProblem?

    /// How long to wait; nil if the server can be asked now.
    func wait(now: Duration) -> Duration? { opensAt > now ? opensAt - now : nil }

    /// Takes in a failure of a call that was made at a time. Calls that were made before the last failure do not count.
    mutating func fail(_ problem: GrafanaProblem, startedAt: Duration, now: Duration) {
        self.problem = problem
        guard startedAt >= opensAt else { return }
        opensAt = now + min(Self.longest, Self.first * (1 << min(failures, 16)))
        failures += 1
    }

    /// Takes in that a call succeeded.
    mutating func succeed() { self = GrafanaGate() }

    /// Asks again at once, since the server's settings have changed.
    mutating func open() { opensAt = .zero }
}
