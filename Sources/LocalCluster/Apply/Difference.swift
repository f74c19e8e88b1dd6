import Kube

/// The difference between two values, by path.
struct Difference: Sendable {
    /// The fields that only the new value has.
    var added = FieldSet()
    /// The fields that only the old value has.
    var removed = FieldSet()
    /// The leaves that differ.
    var modified = FieldSet()

    /// Compares two values. Added and removed objects and lists count themselves, along with their parts.
    init(from old: JSON, to new: JSON, in shape: MergeShape) {
        compare(old, new, shape, at: [])
    }

    /// The difference without the fields in a set and those below them.
    func ignoring(_ set: FieldSet) -> Difference {
        var result = self
        result.added = added.recursiveDifference(set)
        result.removed = removed.recursiveDifference(set)
        result.modified = modified.recursiveDifference(set)
        return result
    }

    private mutating func compare(_ old: JSON?, _ new: JSON?, _ shape: MergeShape, at path: [FieldSet.Element]) {
        switch shape.forms(old, new) {
        case (.members(let left), .members(let right)):
            for (name, value) in left {
                compare(value, right[name], shape.member(name).shape, at: path + [.field(name)])
            }
            for (name, value) in right where left[name] == nil {
                compare(nil, value, shape.member(name).shape, at: path + [.field(name)])
            }
        case (.elements(let left), .elements(let right)):
            let olds = Dictionary(grouping: left, by: shape.step(to:))
            let news = Dictionary(grouping: right, by: shape.step(to:))
            for step in Set(olds.keys).union(news.keys) {
                guard let step else { continue }
                let (a, b) = (olds[step] ?? [], news[step] ?? [])
                if a.count <= 1, b.count <= 1 {
                    compare(a.first, b.first, shape.element, at: path + [step])
                } else if a != b {
                    modified.insert(path + [step])  // duplicates are compared as a whole
                }
            }
        default:
            if old != nil, new != nil, old != new { modified.insert(path) }
        }
        if old == nil { added.insert(path) }
        if new == nil { removed.insert(path) }
    }
}
