import Kube

extension MergeShape {
    /// Merges an applied value into a live one: applied leaves win, and what the applied value does not name stays.
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

    /// Merges lists: shared elements get the applied order, and an element of the live list alone stays before its
    /// successor.
    private func merging(_ applied: [JSON], into live: [JSON]) -> [JSON] {
        let left = live.map { (step: step(to: $0), value: $0) }
        let right = applied.map { (step: step(to: $0), value: $0) }
        let leftValues = Dictionary(left.map { ($0.step, $0.value) }, uniquingKeysWith: { first, _ in first })
        let rightSteps = Set(right.map(\.step))
        var shared = right.map(\.step).filter { leftValues[$0] != nil }[...]
        var result: [JSON] = []
        var merged: Set<FieldSet.Element?> = []
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
                    l += 1  // the applied list has other shared elements before it
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

    /// A value without the fields in a set. Objects and lists that lose all their parts stay, empty.
    func removing(_ set: FieldSet, from value: JSON) -> JSON {
        switch forms(value, nil).left {
        case .leaf: return value
        case .members(let members):
            var result = members
            for (name, value) in members {
                guard let below = set.children[.field(name)] else { continue }
                result[name] = below.isMember ? JSON?.none : member(name).shape.removing(below, from: value)
            }
            return .object(result)
        case .elements(let elements):
            return .array(
                elements.compactMap { element in
                    guard let step = step(to: element), let below = set.children[step] else { return element }
                    return below.isMember ? JSON?.none : self.element.removing(below, from: element)
                })
        }
    }
}
