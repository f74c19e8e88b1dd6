/// The time limits of an exchange; nil means no limit.
struct TimeLimits: Sendable, Hashable {
    /// The limit for name lookup, TCP, proxy and TLS together.
    var connect: Duration = .seconds(30)
    /// The longest time without data.
    var stall: Duration?
    /// The limit for the whole exchange.
    var total: Duration?
    /// When the whole exchange has to be over. It does not start after that.
    var deadline: ContinuousClock.Instant?
}
