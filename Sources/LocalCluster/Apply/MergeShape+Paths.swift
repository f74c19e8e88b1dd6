import Kube

extension MergeShape {
    /// How a value is divided: not at all, into members, or into elements.
    enum Form {
        case leaf
        case members(JSON.Members)
        case elements([JSON])
    }

    /// How two values, one of which may be absent, are divided together. Null counts as empty.
    ///
    /// If neither value has parts, both are leaves, so that an empty map differs from an absent one.
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

    /// The path element of a list's element; nil if the element has none of the keys.
    func step(to element: JSON) -> FieldSet.Element? {
        guard case .list(let keys, _) = self else { return .value(element) }
        var key: JSON.Members = [:]
        for (name, fallback) in keys.names.sorted(by: { $0.name < $1.name }) {
            if let value = element[name] ?? fallback { key[name] = value }
        }
        return key.isEmpty ? nil : .key(key)
    }

    /// The fields of a value: what a manager that applies the value owns.
    func fields(of value: JSON) -> FieldSet {
        var set = FieldSet()
        switch forms(value, nil).left {
        case .leaf: break
        case .members(let members):
            for (name, value) in members {
                let (shape, isNamed) = member(name)
                var below = shape.fields(of: value)
                if !isNamed || shape.isLeaf(value) { below.isMember = true }
                set[.field(name)] = below
            }
        case .elements(let elements):
            for element in elements {
                guard let step = step(to: element) else { continue }
                var below = self.element.fields(of: element)
                below.isMember = true
                set[step] = below
            }
        }
        return set
    }

    /// Whether a value is owned as a whole: it cannot be divided, or is an empty map. No manager owns an empty list.
    private func isLeaf(_ value: JSON) -> Bool {
        if case .leaf = forms(value, nil).left {
            if case .list = self, value.array != nil { return false }
            if case .set = self, value.array != nil { return false }
            return true
        }
        return false
    }

    /// The errors in the lists of an applied value: elements without keys and duplicates.
    func listErrors(in value: JSON, at path: [FieldSet.Element] = []) -> [String] {
        switch forms(value, nil).left {
        case .leaf: return []
        case .members(let members):
            return members.flatMap { name, value in
                member(name).shape.listErrors(in: value, at: path + [.field(name)])
            }
        case .elements(let elements):
            var seen: Set<FieldSet.Element> = []
            let here = FieldSet.text(of: path)
            return elements.enumerated().flatMap { index, element -> [String] in
                guard let step = step(to: element) else {
                    return [
                        "\(here): element \(index): associative list with keys has an element that omits all key fields"
                    ]
                }
                if !seen.insert(step).inserted {
                    return ["\(here): duplicate entries for key \(FieldSet.text(of: [step]))"]
                }
                return self.element.listErrors(in: element, at: path + [step])
            }
        }
    }
}
