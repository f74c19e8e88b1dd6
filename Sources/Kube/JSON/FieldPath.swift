/// The path of a value in an object, written as Kubernetes does: `spec.hashrings[0].name`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    /// One step down, to a member of an object or an element of a list.
    public enum Step: Sendable, Hashable {
        /// A member of an object.
        case key(String)
        /// An element of a list.
        case index(Int)
    }

    /// The steps from the root of the object.
    public var steps: [Step]

    /// A path of steps; without steps, the root of the object.
    public init(_ steps: [Step] = []) { self.steps = steps }

    /// A path written with member names and element indexes: `FieldPath("spec.hashrings[0].name")`.
    ///
    /// For names that contain points, use ``appending(_:)``.
    public init(_ text: String) {
        steps = text.split(separator: ".").flatMap { part -> [Step] in
            var name = part
            var indexes: [Step] = []
            while name.last == "]", let open = name.lastIndex(of: "["),
                let index = Int(name[name.index(after: open)...].dropLast())
            {
                indexes.insert(.index(index), at: 0)
                name = name[..<open]
            }
            return (name.isEmpty ? [] : [.key(String(name))]) + indexes
        }
    }

    /// The path of a member of this value.
    public func appending(_ key: String) -> FieldPath { FieldPath(steps + [.key(key)]) }

    /// The path of an element of this value.
    public func appending(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

    /// The path as text, or `the object` for the root.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where key.contains { $0 == "." || $0 == "/" || $0 == "[" || $0 == " " } || key.isEmpty:
                text += "[\"\(key)\"]"
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            }
        }
        return text.isEmpty ? "the object" : text
    }
}
