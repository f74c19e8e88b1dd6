public import Kube

/// A message for users about the file that is, or is not, published.
public struct HashringNote: Sendable, Hashable, CustomStringConvertible {
    /// How severe it is.
    public var severity: Severity
    /// The reason, in CamelCase, for metrics and log searches.
    public var reason: String
    /// The message, on one line.
    public var message: String

    /// The message.
    public var description: String { message }
}
