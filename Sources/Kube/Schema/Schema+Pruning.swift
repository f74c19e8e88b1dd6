extension Schema {
    /// The value without the fields that the schema does not define, and the paths of those fields in their order.
    ///
    /// `apiVersion`, `kind` and `metadata` stay in embedded resources, and at the root if `isRoot` is set.
    public func pruning(_ value: JSON, isRoot: Bool = true) -> (JSON, unknown: [FieldPath]) {
        var unknown: [FieldPath] = []
        var schema = self
        if isRoot { schema.isEmbeddedResource = true }
        let pruned = schema.prune(value, FieldPath(), &unknown)
        return (pruned, unknown)
    }

    private static let objectFields: Set<String> = ["apiVersion", "kind", "metadata"]

    private func prune(_ value: JSON, _ path: FieldPath, _ unknown: inout [FieldPath]) -> JSON {
        switch value {
        case .object(var members):
            for (key, member) in members {
                if isEmbeddedResource && Self.objectFields.contains(key) { continue }
                if let schema = properties[key] {
                    members[key] = schema.prune(member, path.appending(key), &unknown)
                } else if case .schema(let box)? = additionalProperties {
                    members[key] = box.value.prune(member, path.appending(key), &unknown)
                } else if !preservesUnknownFields {
                    if case .allowed(true)? = additionalProperties { continue }
                    unknown.append(path.appending(key))
                    members[key] = nil
                }
            }
            return .object(members)
        case .array(let elements):
            if items == nil, preservesUnknownFields { return value }
            let schema = items ?? Schema()
            return .array(
                elements.enumerated().map { index, element in
                    schema.prune(element, path.appending(index), &unknown)
                })
        default:
            return value
        }
    }
}
