public import Kube

/// A configuration file of Prometheus, and the problems of what was requested.
public struct GeneratedConfiguration: Sendable, Hashable {
    /// The content of the file, with members in the order in which they are written; nil if a problem is fatal.
    public var json: JSON?
    /// The reasons why parts were omitted, or why there is no file.
    public var problems: [ConfigProblem]
}
