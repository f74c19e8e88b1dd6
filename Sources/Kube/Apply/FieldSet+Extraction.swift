import OrderedCollections

extension FieldSet {
    /// The part of an object that is in the set: the fields that a manager owns.
    ///
    /// A field in the set without others below it is extracted whole. An element of a keyed list keeps only those of
    /// its key members that are in the set: a key that the API server filled in (`protocol: TCP`) is left out, as the
    /// manager left it out. The result is an empty object if nothing is in the set.
    public func extract(from value: JSON) -> JSON { extracting(value) ?? .object([:]) }

    private func extracting(_ value: JSON) -> JSON? {
        if children.isEmpty { return isMember ? value : JSON?.none }
        switch value {
        case .object(let members):
            var result: JSON.Members = [:]
            for (key, member) in members {
                if let extracted = children[.field(key)]?.extracting(member) { result[key] = extracted }
            }
            return result.isEmpty && !isMember ? nil : .object(result)
        case .array(let elements):
            let result = extracting(elements)
            return result.isEmpty && !isMember ? nil : .array(result)
        default: return isMember ? value : JSON?.none
        }
    }

    private func extracting(_ elements: [JSON]) -> [JSON] {
        // All elements of a list have the same key members, so any key in the set names them.
        let keyNames = children.keys.lazy.compactMap { element -> [String]? in
            if case .key(let members) = element { Array(members.keys) } else { nil }
        }.first
        var result: [JSON] = []
        for (index, element) in elements.enumerated() {
            if let keyNames, element.object != nil {
                var key: JSON.Members = [:]
                for name in keyNames { key[name] = element[name] }
                guard let child = children[.key(key)] else { continue }
                result.append(child.extracting(element) ?? [:])
            } else if let child = children[.value(element)] ?? children[.index(index)] {
                if let extracted = child.extracting(element) { result.append(extracted) }
            }
        }
        return result
    }
}
