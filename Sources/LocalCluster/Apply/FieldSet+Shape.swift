import Kube

extension FieldSet {
    /// The set below an element. Setting an empty set removes the element.
    subscript(element: Element) -> FieldSet {
        get { children[element] ?? FieldSet() }
        set { children[element] = newValue.isEmpty ? nil : newValue }
    }

    /// The paths in the order of structured-merge-diff: fields that end here before those that lead on, each sorted.
    var orderedPaths: [[Element]] {
        let sorted = children.map { (text: $0.text, element: $0, set: $1) }.sorted { $0.text < $1.text }
        return sorted.filter(\.set.isMember).map { [$0.element] }
            + sorted.flatMap { pair in
                var below = pair.set
                below.isMember = false
                return below.orderedPaths.map { [pair.element] + $0 }
            }
    }

    /// This set with the named fields above its paths: a manager that owns `spec.replicas` keeps `spec`, too.
    func withNamedParents(in shape: MergeShape) -> FieldSet {
        var result = self
        for (element, set) in children {
            guard case .field(let name) = element else {
                result[element] = set.withNamedParents(in: shape.element)
                continue
            }
            let member = shape.member(name)
            var below = set.withNamedParents(in: member.shape)
            if member.isNamed, !set.children.isEmpty { below.isMember = true }
            result[element] = below
        }
        return result
    }
}
