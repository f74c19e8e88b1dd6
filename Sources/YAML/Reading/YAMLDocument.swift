public import Kube

/// One document of a YAML text: its value, and where in the text each part of it stands.
public struct YAMLDocument: Sendable {
    /// The value.
    public var value: JSON
    private let marks: YAMLMark?

    /// A document that comes from no text, and so knows no positions.
    public init(_ value: JSON) {
        self.value = value
        marks = nil
    }

    init(_ value: JSON, marks: YAMLMark) {
        self.value = value
        self.marks = marks
    }

    /// Where the document's value begins; nil if it comes from no text.
    public var start: YAMLPosition? { marks?.position }

    /// Where a value stands: a member at its key, an element at its beginning.
    ///
    /// The nearest ancestor stands in for a value that is not there. A value behind an alias is where its anchor is.
    /// Nil if the document comes from no text, or `value` was changed.
    public func position(of path: FieldPath) -> YAMLPosition? {
        guard var mark = marks else { return nil }
        var current = value
        for step in path.steps {
            let index: Int
            switch (step, current) {
            case (.key(let key), .object(let members)):
                guard let found = members.index(forKey: key) else { return mark.position }
                index = found
                current = members.values[found]
            case (.index(let wanted), .array(let elements)):
                guard elements.indices.contains(wanted) else { return mark.position }
                index = wanted
                current = elements[wanted]
            default:
                return mark.position
            }
            guard mark.children.indices.contains(index) else { return nil }
            mark = mark.children[index]
        }
        return mark.position
    }
}

/// Where a value stands, and where its members or elements do, in their order.
struct YAMLMark: Sendable {
    var line: Int32
    var column: Int32
    var children: [YAMLMark] = []

    var position: YAMLPosition { YAMLPosition(line: Int(line) + 1, column: Int(column) + 1) }

    /// This mark's children under another place: an alias has its own place, and its anchor's inside.
    func at(_ other: YAMLMark) -> YAMLMark { YAMLMark(line: other.line, column: other.column, children: children) }
}
