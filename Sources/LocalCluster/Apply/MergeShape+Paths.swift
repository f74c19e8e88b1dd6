import Kube

extension MergeShape {
    /// How a value is divided: into nothing smaller, into members, or into elements.
    enum Form {
        case leaf
        case members(JSON.Members)
        case elements([JSON])
    }

    /// How two values, of which one may be absent, are divided together; null counts as empty.
    ///
    /// Two values of which neither has parts are leaves: so an empty map differs from none.
    func forms(_ left: JSON?, _ right: JSON?) -> (left: Form, right: Form) {
        let values = [left, right].compactMap { $0 }.filter { !$0.isNull }
        switch self {
        case .fields where values.allSatisfy({ $0.object != nil }), .map where values.allSatisfy({ $0.object != nil }):
            let (a, b) = (left?.object ?? [:], right?.object ?? [:])
            return a.isEmpty && b.isEmpty ? (.leaf, .leaf) : (.members(a), .members(b))
        case .list where values.allSatisfy({ $0.array != nil }), .set where values.allSatisfy({ $0.array != nil }):
            let (a, b) = (left?.array ?? [], right?.array ?? [])
            return a.isEmpty && b.isEmpty ? (.leaf, .leaf) : (.elements(a), .elements(b))
        default: return (.leaf, .leaf)
        }
    }

    /// The step to an element of a list of this shape; nil where the element lacks what tells it apart.
    func step(to element: JSON) -> PathStep? {
        guard case .list(let keys, _) = self else { return .value(element) }
        var key: JSON.Members = [:]
        for (name, fallback) in keys.names {
            if let value = element[name] ?? fallback { key[name] = value }
        }
        return key.isEmpty ? nil : .key(.object(key))
    }

    /// The paths of a value's parts: what a manager owns that applies it.
    func paths(of value: JSON) -> PathSet {
        var set = PathSet()
        switch forms(value, nil).left {
        case .leaf: break
        case .members(let members):
            for (name, value) in members {
                let (shape, isNamed) = member(name)
                let step = PathStep.field(name)
                set[step] = shape.paths(of: value)
                if !isNamed || shape.isLeaf(value) { set.insert(step) }
            }
        case .elements(let elements):
            for element in elements {
                guard let step = step(to: element) else { continue }
                set[step] = self.element.paths(of: element)
                set.insert(step)
            }
        }
        return set
    }

    /// Whether a value is owned as a whole: it cannot be divided, or is an empty map. An empty list is nobody's.
    private func isLeaf(_ value: JSON) -> Bool {
        if case .leaf = forms(value, nil).left {
            if case .list = self, value.array != nil { return false }
            if case .set = self, value.array != nil { return false }
            return true
        }
        return false
    }

    /// What is wrong with an applied list: an element that cannot be told apart from others, or is there twice.
    func faults(in value: JSON, at path: [PathStep] = []) -> [String] {
        switch forms(value, nil).left {
        case .leaf: return []
        case .members(let members):
            return members.flatMap { name, value in
                member(name).shape.faults(in: value, at: path + [.field(name)])
            }
        case .elements(let elements):
            var seen: Set<PathStep> = []
            let here = path.map(\.message).joined()
            return elements.enumerated().flatMap { index, element -> [String] in
                guard let step = step(to: element) else {
                    return [
                        "\(here): element \(index): associative list with keys has an element that omits all key fields"
                    ]
                }
                if !seen.insert(step).inserted { return ["\(here): duplicate entries for key \(step.message)"] }
                return self.element.faults(in: element, at: path + [step])
            }
        }
    }
}
