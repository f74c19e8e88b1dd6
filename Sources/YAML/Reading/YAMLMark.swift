/// The position of a value, and those of its members or elements in their order.
struct YAMLMark: Sendable {
    var line: Int32
    var column: Int32
    var children: [YAMLMark] = []

    var position: YAMLPosition { YAMLPosition(line: Int(line) + 1, column: Int(column) + 1) }

    /// This mark's children at another position: an alias has its own position, and the anchor's positions inside.
    func at(_ other: YAMLMark) -> YAMLMark { YAMLMark(line: other.line, column: other.column, children: children) }
}
