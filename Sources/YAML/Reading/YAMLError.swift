/// Why a text cannot be read as YAML.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file that the text came from, if any.
    public var file: String?
    /// The position of the problem.
    public var position: YAMLPosition
    /// What is wrong, lower case, without a full stop.
    public var reason: String

    /// Creates an error at a position.
    public init(file: String? = nil, position: YAMLPosition, reason: String) {
        self.file = file
        self.position = position
        self.reason = reason
    }

    /// `file:line:column: reason`, or `line 1, column 2: reason` without a file.
    public var description: String {
        if let file {
            "\(file):\(position): \(reason)"
        } else {
            "line \(position.line), column \(position.column): \(reason)"
        }
    }
}
