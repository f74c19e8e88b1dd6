/// The names of the fields of a kind, for finding the ones that are written wrong.
package indirect enum FieldTree: Sendable {
    /// A value whose members are not looked at.
    case any
    /// An object, or a list of objects, with members of these names.
    case members([String: FieldTree])
    /// An object with members of any names, such as labels, all of one kind.
    case map(FieldTree)

    /// Members that are not looked into, and others that are.
    package static func fields(_ plain: String, _ others: [String: FieldTree] = [:]) -> FieldTree {
        let names = plain.split(separator: " ").map { (String($0), FieldTree.any) }
        return .members(Dictionary(names, uniquingKeysWith: { $1 }).merging(others) { $1 })
    }

    /// The fields that a schema defines; the API server drops others.
    package init(_ schema: Schema) {
        if let items = schema.items {
            self = FieldTree(items)
        } else if schema.preservesUnknownFields {
            self = .any
        } else {
            switch schema.additionalProperties {
            case .schema(let box)?: self = .map(FieldTree(box.value))
            case .allowed(true)?: self = .any
            case .allowed(false)?, nil:
                let isPlain = schema.properties.isEmpty && schema.type != .object
                let members = schema.properties.map { ($0.key, FieldTree($0.value)) }
                self = isPlain ? .any : .members(Dictionary(members) { $1 })
            }
        }
    }

    /// A field that the kind does not have.
    package struct Unknown: Sendable, Hashable {
        /// The field.
        package var field: FieldPath
        /// The name that was probably meant.
        package var nearest: String?

        /// `. Did you mean "…"?`, or nothing.
        package var question: String { nearest.map { ". Did you mean \"\($0)\"?" } ?? "" }
    }

    /// The fields of a value that the kind does not have, up to so many of them.
    ///
    /// `renamed` has names that others use for a field, where that is no matter of spelling.
    package func unknown(
        in value: JSON, at path: FieldPath = FieldPath(), renamed: [String: String] = [:], most: Int
    ) -> [Unknown] {
        var found: [Unknown] = []
        collect(value, path, renamed, most, &found)
        return found
    }

    private func collect(
        _ value: JSON, _ path: FieldPath, _ renamed: [String: String], _ most: Int, _ found: inout [Unknown]
    ) {
        if case .any = self { return }
        if let elements = value.array {
            for (index, element) in elements.enumerated() where found.count < most {
                collect(element, path.appending(index), renamed, most, &found)
            }
            return
        }
        for (name, inner) in value.object ?? [:] where found.count < most {
            switch self {
            case .any: return
            case .map(let tree): tree.collect(inner, path.appending(name), renamed, most, &found)
            case .members(let members):
                if let tree = members[name] {
                    tree.collect(inner, path.appending(name), renamed, most, &found)
                    continue
                }
                let other = renamed[name].flatMap { members[$0] == nil ? nil : $0 }
                let nearest = other ?? Nearest.name(to: name, among: members.keys)
                found.append(Unknown(field: path.appending(name), nearest: nearest))
            }
        }
    }
}
