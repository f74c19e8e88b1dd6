/// A problem with a field of an object.
public struct FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the field.
    public var path: FieldPath
    /// What was found and what would be right, lower case, without a full stop.
    public var problem: String

    /// Creates an error for a field.
    public init(_ path: FieldPath, _ problem: String) {
        self.path = path
        self.problem = problem
    }

    /// `path: problem`.
    public var description: String { "\(path): \(problem)" }
}
