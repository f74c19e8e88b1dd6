import Kube

/// The names of the fields of a kind, for finding the ones that are written wrong.
indirect enum FieldTree: Sendable {
    /// A value whose members are not looked at.
    case any
    /// An object, or a list of objects, with members of these names.
    case members([String: FieldTree])

    /// Members that are not looked into, and others that are.
    static func fields(_ plain: String, _ others: [String: FieldTree] = [:]) -> FieldTree {
        let names = plain.split(separator: " ").map { (String($0), FieldTree.any) }
        return .members(Dictionary(names, uniquingKeysWith: { $1 }).merging(others) { $1 })
    }

    /// A field that the kind does not have.
    struct Unknown: Sendable, Hashable {
        var field: FieldPath
        /// The name that was probably meant.
        var nearest: String?
    }

    /// The fields of a value that the kind does not have.
    func unknown(in value: JSON, at path: FieldPath, renamed: [String: String]) -> [Unknown] {
        guard case .members(let members) = self else { return [] }
        if let elements = value.array {
            return elements.enumerated().flatMap { unknown(in: $1, at: path.appending($0), renamed: renamed) }
        }
        return (value.object ?? [:]).flatMap { name, inner -> [Unknown] in
            if let tree = members[name] {
                return tree.unknown(in: inner, at: path.appending(name), renamed: renamed)
            }
            let other = renamed[name].flatMap { members[$0] == nil ? nil : $0 }
            return [
                Unknown(field: path.appending(name), nearest: other ?? Nearest.name(to: name, among: members.keys))
            ]
        }
    }
}
