import Kube

extension ResourceType {
    /// Built-in kinds in which an empty list means something.
    private static let keepsEmptyLists: Set<String> = [
        "EndpointSlice", "Role", "ClusterRole", "CustomResourceDefinition",
    ]

    /// The object without empty maps and lists, which Go's `omitempty` leaves out of built-in kinds. In custom resources
    /// only the metadata has a Go type.
    func withoutEmpties(_ object: Object) -> Object {
        var json = object.json
        if isBuiltIn, !Self.keepsEmptyLists.contains(resource.kind) {
            return Object(Self.withoutEmpties(json, shape))
        }
        json.change("metadata") { $0 = Self.withoutEmpties($0, .metadata) }
        return Object(json)
    }

    private static func withoutEmpties(_ value: JSON, _ shape: MergeShape) -> JSON {
        switch value {
        case .object(let members):
            var result = members
            for (name, value) in members {
                let member = shape.member(name).shape
                if isEmpty(value, name, member) {
                    result[name] = nil
                } else {
                    result[name] = withoutEmpties(value, member)
                }
            }
            return .object(result)
        case .array(let elements): return .array(elements.map { withoutEmpties($0, shape.element) })
        default: return value
        }
    }

    private static func isEmpty(_ value: JSON, _ name: String, _ shape: MergeShape) -> Bool {
        if value.array?.isEmpty == true { return true }
        guard value.object?.isEmpty == true else { return false }
        if case .map = shape { return true }
        return name == "nodeSelector"
    }
}
