import Kube

/// A set of paths into an object: what a field manager owns.
///
/// A path can be in the set without the paths below it, and the other way round.
struct PathSet: Sendable, Hashable {
    /// The last steps of the paths that end here.
    private(set) var members: Set<PathStep> = []
    /// The sets below; none of them is empty.
    private(set) var children: [PathStep: PathSet] = [:]

    var isEmpty: Bool { members.isEmpty && children.isEmpty }

    /// The paths, those of fields first, sorted.
    var paths: [[PathStep]] {
        let own = members.sorted { $0.fieldsV1 < $1.fieldsV1 }.map { [$0] }
        return children.sorted { $0.key.fieldsV1 < $1.key.fieldsV1 }.reduce(into: own) { paths, child in
            paths += child.value.paths.map { [child.key] + $0 }
        }
    }

    /// The set of paths below a step.
    subscript(step: PathStep) -> PathSet {
        get { children[step] ?? PathSet() }
        set { children[step] = newValue.isEmpty ? nil : newValue }
    }

    func contains(_ path: some Collection<PathStep>) -> Bool {
        guard let first = path.first else { return false }
        return path.count == 1 ? members.contains(first) : children[first]?.contains(path.dropFirst()) ?? false
    }

    mutating func insert(_ step: PathStep) { members.insert(step) }

    mutating func insert(_ path: some Collection<PathStep>) {
        guard let first = path.first else { return }
        if path.count == 1 {
            members.insert(first)
        } else {
            children[first, default: PathSet()].insert(path.dropFirst())
        }
    }

    func union(_ other: PathSet) -> PathSet {
        var result = self
        result.members.formUnion(other.members)
        for (step, set) in other.children { result[step] = self[step].union(set) }
        return result
    }

    func intersection(_ other: PathSet) -> PathSet {
        var result = PathSet()
        result.members = members.intersection(other.members)
        for (step, set) in children { result[step] = set.intersection(other[step]) }
        return result
    }

    /// The paths that are not in the other set; a path stays though one above it is in the other set.
    func subtracting(_ other: PathSet) -> PathSet {
        var result = PathSet()
        result.members = members.subtracting(other.members)
        for (step, set) in children { result[step] = set.subtracting(other[step]) }
        return result
    }

    /// The paths that are not in the other set, nor below one that is.
    func subtractingAll(below other: PathSet) -> PathSet {
        var result = PathSet()
        result.members = members.subtracting(other.members)
        for (step, set) in children where !other.members.contains(step) {
            result[step] = set.subtractingAll(below: other[step])
        }
        return result
    }

    /// This set with the named fields above its paths: whoever owns `spec.replicas` holds on to `spec`.
    func withNamedParents(in shape: MergeShape) -> PathSet {
        var result = self
        for (step, set) in children {
            if case .field(let name) = step {
                let member = shape.member(name)
                if member.isNamed { result.members.insert(step) }
                result[step] = set.withNamedParents(in: member.shape)
            } else {
                result[step] = set.withNamedParents(in: shape.element)
            }
        }
        return result
    }
}

extension PathSet {
    /// The set that the `fieldsV1` of managed fields describes; steps that cannot be read are left out.
    init(fieldsV1 json: JSON) {
        for (text, below) in json.object ?? [:] {
            guard let step = PathStep(fieldsV1: text) else { continue }
            let members = below.object ?? [:]
            if members.isEmpty || members["."] != nil { self.members.insert(step) }
            self[step] = PathSet(fieldsV1: below)
        }
    }

    /// The form of `fieldsV1`.
    var fieldsV1: JSON {
        var result: JSON.Members = [:]
        for step in members.union(children.keys).sorted(by: { $0.fieldsV1 < $1.fieldsV1 }) {
            var below: JSON.Members = [:]
            if members.contains(step), children[step] != nil { below["."] = [:] }
            for (key, value) in children[step]?.fieldsV1.object ?? [:] { below[key] = value }
            result[step.fieldsV1] = .object(below)
        }
        return .object(result)
    }
}
