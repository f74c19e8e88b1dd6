import Kube

/// The clocks and the random numbers of the runtime, which tests replace.
public struct TimeSource: Sendable {
    /// The time since some fixed moment; never goes back and counts while the machine sleeps.
    public var now: @Sendable () -> Duration
    /// Waits for a time, and throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// The wall-clock time, for what others read: leases, events, conditions.
    public var wall: @Sendable () -> Timestamp
    /// A number in 0..<1, for jitter.
    public var random: @Sendable () -> Double

    /// A source of time from its parts.
    public init(
        now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
        wall: @escaping @Sendable () -> Timestamp = { Timestamp.now },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.now = now
        self.sleep = sleep
        self.wall = wall
        self.random = random
    }

    /// Waits for a time; returns false as soon as the task is cancelled.
    func wait(_ duration: Duration) async -> Bool {
        do {
            try await sleep(duration)
            return true
        } catch {
            return false
        }
    }

    /// The machine's clocks.
    public static let system: TimeSource = {
        let start = ContinuousClock.now
        return TimeSource(
            now: { ContinuousClock.now - start }, sleep: { try await Task.sleep(for: $0, clock: .continuous) })
    }()
}
