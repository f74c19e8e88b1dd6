/// Something that a person should know about the file that is, or is not, published.
public struct RingNote: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// Good to know.
        case info
        /// Something is not as it seems to be meant.
        case warning
        /// Something is not done that should be.
        case error
    }

    /// How bad it is.
    public var severity: Severity
    /// What it is, in one word for metrics and for searching logs.
    public var reason: String
    /// What it is, on one line.
    public var message: String

    /// The message.
    public var description: String { message }
}
