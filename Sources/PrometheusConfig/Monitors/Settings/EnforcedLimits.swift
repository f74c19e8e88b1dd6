/// The upper limits that an agent sets for all of its jobs; nil and 0 are unlimited.
public struct EnforcedLimits: Sendable, Hashable {
    /// The number of samples of a scrape.
    public var sample: Int?
    /// The number of targets of a job.
    public var target: Int?
    /// The number of labels of a sample.
    public var label: Int?
    /// The length of a label name, in bytes.
    public var labelNameLength: Int?
    /// The length of a label value, in bytes.
    public var labelValueLength: Int?
    /// The number of dropped targets of a job that are kept in memory.
    public var keepDroppedTargets: Int?
    /// The size of a response, in the syntax of Prometheus: `10MB`, `1GiB`.
    public var bodySize: String?

    /// Creates limits that are all unset.
    public init() {}
}
