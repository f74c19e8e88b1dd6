import Kube

extension MergeShape {
    /// A value with an applied one merged into it: the applied one's leaves win, what it does not name stays.
    func merging(_ applied: JSON?, into live: JSON?) -> JSON? {
        guard let applied else { return live }
        switch forms(live, applied) {
        case (.members(let left), .members(let right)):
            var result = left
            for (name, value) in right { result[name] = member(name).shape.merging(value, into: left[name]) }
            return .object(result)
        case (.elements(let left), .elements(let right)): return .array(merging(right, into: left))
        default: return applied
        }
    }

    /// Elements that both lists have come in the applied one's order; those of the live list stay before the element
    /// that they stood before.
    private func merging(_ applied: [JSON], into live: [JSON]) -> [JSON] {
        let left = live.map { (step: step(to: $0), value: $0) }
        let right = applied.map { (step: step(to: $0), value: $0) }
        let leftValues = Dictionary(left.map { ($0.step, $0.value) }, uniquingKeysWith: { first, _ in first })
        let rightSteps = Set(right.map(\.step))
        var shared = right.map(\.step).filter { leftValues[$0] != nil }[...]
        var result: [JSON] = []
        var merged: Set<PathStep?> = []
        var (l, r) = (0, 0)
        func combined(_ index: Int) -> JSON {
            element.merging(right[index].value, into: leftValues[right[index].step]) ?? right[index].value
        }
        while l < left.count || r < right.count {
            if l < left.count, r < right.count {
                if left[l].step == right[r].step {
                    merged.insert(left[l].step)
                    result.append(combined(r))
                    l += 1
                    r += 1
                    shared = shared.dropFirst()
                    continue
                }
                if rightSteps.contains(left[l].step), let next = shared.first, next != left[l].step {
                    l += 1  // both have it, but the applied list has others before it
                    continue
                }
            }
            if l < left.count {
                if !rightSteps.contains(left[l].step) {
                    result.append(left[l].value)
                    l += 1
                    continue
                }
                if merged.contains(left[l].step) { l += 1 }
            }
            if r < right.count {
                merged.insert(right[r].step)
                result.append(combined(r))
                if shared.first == right[r].step { shared = shared.dropFirst() }
                r += 1
            }
        }
        return result
    }

    /// A value without the parts at some paths.
    ///
    /// What becomes empty since parts of it were removed stays, empty.
    func removing(_ set: PathSet, from value: JSON) -> JSON {
        switch forms(value, nil).left {
        case .leaf: return value
        case .members(let members):
            var result = members
            for (name, value) in members {
                let step = PathStep.field(name)
                if set.contains([step]) {
                    result[name] = nil
                } else if !set[step].isEmpty {
                    result[name] = member(name).shape.removing(set[step], from: value)
                }
            }
            return .object(result)
        case .elements(let elements):
            return .array(
                elements.compactMap { element in
                    guard let step = step(to: element) else { return element }
                    if set.contains([step]) { return nil }
                    return set[step].isEmpty ? element : self.element.removing(set[step], from: element)
                })
        }
    }
}

/// What is different between two values, by path.
struct Difference: Sendable {
    var added = PathSet()
    var removed = PathSet()
    var modified = PathSet()

    /// What a change from one value to another did; objects and lists that came or went count, with their parts.
    init(from old: JSON, to new: JSON, in shape: MergeShape) {
        compare(old, new, shape, at: [])
    }

    /// This difference without what lies at or below some paths.
    func ignoring(_ set: PathSet) -> Difference {
        var result = self
        result.added = added.subtractingAll(below: set)
        result.removed = removed.subtractingAll(below: set)
        result.modified = modified.subtractingAll(below: set)
        return result
    }

    private mutating func compare(_ old: JSON?, _ new: JSON?, _ shape: MergeShape, at path: [PathStep]) {
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
                    modified.insert(path + [step])  // lists with an element twice are compared as they stand
                }
            }
        default:
            if old != nil, new != nil, old != new { modified.insert(path) }
        }
        if old == nil { added.insert(path) }
        if new == nil { removed.insert(path) }
    }
}
