public import Kube

/// One document of a YAML text: its value, and the position in the text of each part of it.
public struct YAMLDocument: Sendable {
    /// The value.
    public var value: JSON
    private let marks: YAMLMark?

    /// A document that does not come from a text and so has no positions.
    public init(_ value: JSON) {
        self.value = value
        marks = nil
    }

    init(_ value: JSON, marks: YAMLMark) {
        self.value = value
        self.marks = marks
    }

    /// The start of the document's value; nil if the document does not come from a text.
    public var start: YAMLPosition? { marks?.position }

    /// The position of a value: for a member its key, for an element its start.
    ///
    /// For a value that does not exist it is the position of the nearest ancestor, and for a value behind an alias that
    /// of the anchor. Nil if the document does not come from a text, or `value` was changed.
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
