/// Why Prometheus refuses an expression of its query language.
public struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line in the expression, from 1.
    public var line: Int
    /// The column in the line in bytes, from 1.
    public var column: Int
    /// What was found and what would be right, in lower case.
    public var problem: String

    /// An error at a byte of an expression.
    init(_ text: [UInt8], at offset: Int, _ problem: String) {
        let before = text.prefix(min(offset, text.count))
        let newline = UInt8(ascii: "\n")
        line = before.count { $0 == newline } + 1
        column = before.count - (before.lastIndex(of: newline).map { $0 + 1 } ?? 0) + 1
        self.problem = problem
    }

    public var description: String { "\(line):\(column): \(problem)" }
}
