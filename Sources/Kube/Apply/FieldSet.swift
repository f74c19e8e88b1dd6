public import OrderedCollections

/// A set of fields of an object, as `metadata.managedFields` says which manager owns what (`fieldsV1`).
///
/// The same tree as structured-merge-diff's: a field can be in the set itself, have fields below it that are, or both.
public struct FieldSet: Sendable, Hashable {
    /// One step down a path.
    public enum Element: Sendable, Hashable {
        /// A member of an object: `f:name`.
        case field(String)
        /// An element of a list of type map, by the members that tell elements apart: `k:{"name":"x"}`.
        case key(JSON.Members)
        /// An element of a list of type set, by its value: `v:"x"`.
        case value(JSON)
        /// An element by its place: `i:0`.
        case index(Int)
    }

    /// Whether the field at the root of this set is in the set itself: `.` in the JSON form.
    public var isMember: Bool
    /// What is below.
    public var children: OrderedDictionary<Element, FieldSet>

    /// A set of one field at the root, or of nothing.
    public init(isMember: Bool = false) {
        self.isMember = isMember
        children = [:]
    }

    /// A set of paths.
    public init(_ paths: some Sequence<[Element]>) {
        self.init()
        for path in paths { insert(path) }
    }

    /// Whether nothing is in the set.
    public var isEmpty: Bool { !isMember && children.values.allSatisfy(\.isEmpty) }

    /// Whether a path is in the set itself.
    public func contains(_ path: [Element]) -> Bool { subset(path)?.isMember ?? false }

    /// What the set has at and below a path; nil if nothing.
    public func subset(_ path: some Collection<Element>) -> FieldSet? {
        var set = self
        for element in path {
            guard let child = set.children[element] else { return nil }
            set = child
        }
        return set
    }

    /// Adds a path.
    public mutating func insert(_ path: some Collection<Element>) {
        guard let first = path.first else {
            isMember = true
            return
        }
        children[first, default: FieldSet()].insert(path.dropFirst())
    }

    /// Takes a path away, and what is below it.
    public mutating func removeAll(at path: some Collection<Element>) {
        guard let first = path.first else {
            self = FieldSet()
            return
        }
        guard var child = children[first] else { return }
        child.removeAll(at: path.dropFirst())
        children[first] = child.isEmpty ? nil : child
    }

    /// The paths in the set, each before those below it.
    public var paths: [[Element]] {
        var paths: [[Element]] = []
        func collect(_ set: FieldSet, _ path: [Element]) {
            if set.isMember { paths.append(path) }
            for (element, child) in set.children { collect(child, path + [element]) }
        }
        collect(self, [])
        return paths
    }

    /// The paths of the set that have nothing of the set below them.
    public var leaves: FieldSet {
        guard !children.isEmpty else { return self }
        var result = FieldSet()
        result.children = children.mapValues(\.leaves)
        return result
    }

    /// The paths in one set or the other.
    public func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember || other.isMember
        for (element, child) in other.children {
            result.children[element] = result.children[element]?.union(child) ?? child
        }
        return result
    }

    /// The paths in both sets.
    public func intersection(_ other: FieldSet) -> FieldSet {
        combine(other, isMember && other.isMember) { $1.map($0.intersection) ?? FieldSet() }
    }

    /// The paths of this set that are not in the other; a path below one that is in the other stays.
    public func difference(_ other: FieldSet) -> FieldSet {
        combine(other, isMember && !other.isMember) { child, otherChild in otherChild.map(child.difference) ?? child }
    }

    /// The paths of this set that are not in the other, nor below a path that is a leaf of the other.
    public func recursiveDifference(_ other: FieldSet) -> FieldSet {
        combine(other, isMember && !other.isMember) { child, otherChild in
            guard let otherChild else { return child }
            if otherChild.isMember, otherChild.children.isEmpty { return FieldSet() }
            return child.recursiveDifference(otherChild)
        }
    }

    private func combine(
        _ other: FieldSet, _ isMember: Bool, _ body: (FieldSet, FieldSet?) -> FieldSet
    ) -> FieldSet {
        var result = FieldSet(isMember: isMember)
        for (element, child) in children {
            let combined = body(child, other.children[element])
            if !combined.isEmpty { result.children[element] = combined }
        }
        return result
    }
}

extension FieldSet {
    /// A path as the API server writes it in conflicts: `.spec.containers[name="a"].image`.
    public static func text(of path: [Element]) -> String {
        path.map { element in
            switch element {
            case .field(let name): ".\(name)"
            case .key(let members): "[\(members.map { "\($0.key)=\($0.value)" }.joined(separator: ","))]"
            case .value(let value): "[=\(value)]"
            case .index(let index): "[\(index)]"
            }
        }.joined()
    }
}
