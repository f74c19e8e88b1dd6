/// Why a text cannot be read as JSON.
public struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// The problem, lower case, without a full stop.
    public var reason: String
    /// The number of bytes before the problem.
    public var offset: Int

    /// Creates an error at an offset.
    public init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// `not valid JSON at byte 7: reason`.
    public var description: String { "not valid JSON at byte \(offset): \(reason)" }
}
