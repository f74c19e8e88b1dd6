/// A place in a YAML text.
public struct YAMLPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// The character in the line, from 1.
    public var column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// `line:column`.
    public var description: String { "\(line):\(column)" }

    /// Whether the left place comes first.
    public static func < (left: YAMLPosition, right: YAMLPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// Why a text is not the YAML that was asked for.
public struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, where the text came from one.
    public var file: String?
    /// Where.
    public var position: YAMLPosition
    /// What is wrong, lower case, without a full stop.
    public var reason: String

    /// An error at a place.
    public init(file: String? = nil, position: YAMLPosition, reason: String) {
        self.file = file
        self.position = position
        self.reason = reason
    }

    /// `file:line:column: reason`, or `line 1, column 2: reason` where there is no file.
    public var description: String {
        if let file {
            "\(file):\(position): \(reason)"
        } else {
            "line \(position.line), column \(position.column): \(reason)"
        }
    }
}
