/// How long to wait before trying again: soon at first, then longer each time, with jitter.
///
/// The numbers are client-go's and kube-rs's for watches: 800 ms doubling up to 30 s, reset after two minutes without a
/// failure. One quick try comes first, because most failures are a connection that an API server closes as it restarts or
/// rebalances.
public struct Backoff: Sendable, Hashable {
    /// The wait before the first retry.
    public var quick: Duration = .milliseconds(100)
    /// The wait before the second retry, from where it doubles.
    public var base: Duration = .milliseconds(800)
    /// The longest wait, before jitter.
    public var cap: Duration = .seconds(30)
    /// The time without a failure after which the next one counts as the first.
    public var quiet: Duration = .seconds(120)

    private var count = 0
    private var last: Duration?

    /// A back-off with the usual numbers.
    public init() {}

    /// The wait before the next try; `random` in 0..<1 spreads it from half of the step to one and a half.
    public mutating func next(now: Duration, random: Double) -> Duration {
        if let last, now - last >= quiet { count = 0 }
        let step = count == 0 ? quick : count > 16 ? cap : min(cap, base * (1 << (count - 1)))
        count += 1
        last = now
        return step * (0.5 + random)
    }
}
