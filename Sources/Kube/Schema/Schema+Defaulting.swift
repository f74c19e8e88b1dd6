extension Schema {
    /// The value with all defaults filled in, including those inside defaults.
    ///
    /// As in the API server, null counts as absent unless the schema is `nullable`: it is replaced by the default or
    /// removed.
    public func defaulting(_ value: JSON) -> JSON {
        switch value {
        case .object(var members):
            for (key, member) in members where member.isNull {
                if let schema = property(key), !schema.nullable, schema.defaultValue == nil { members[key] = nil }
            }
            for (key, schema) in properties {
                guard let fallback = schema.defaultValue else { continue }
                if members[key].map({ $0.isNull && !schema.nullable }) ?? true { members[key] = fallback }
            }
            for (key, member) in members {
                guard let schema = property(key) else { continue }
                if member.isNull, !schema.nullable, let fallback = schema.defaultValue {
                    members[key] = schema.defaulting(fallback)
                } else if member.isContainer {
                    members[key] = schema.defaulting(member)
                }
            }
            return .object(members)
        case .array(let elements):
            guard let items else { return value }
            return .array(
                elements.map { element in
                    items.defaulting(element.isNull && !items.nullable ? items.defaultValue ?? element : element)
                })
        default:
            return value
        }
    }
}

extension JSON {
    fileprivate var isContainer: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}
