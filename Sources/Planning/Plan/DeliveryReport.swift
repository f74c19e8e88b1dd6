/// Whether an agent delivers, in figures.
public struct DeliveryReport: Sendable, Hashable {
    /// Whether the samples of all its pods arrive; nil if that is not known.
    public var isDelivering: Bool?
    /// How many seconds sending is behind scraping.
    public var behind: Int
    /// How many samples each minute are refused for good.
    public var failed: Int

    /// A report.
    public init(isDelivering: Bool?, behind: Int, failed: Int) {
        self.isDelivering = isDelivering
        self.behind = behind
        self.failed = failed
    }
}
