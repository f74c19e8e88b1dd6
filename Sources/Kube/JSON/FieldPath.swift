/// Where in an object a value stands, written as Kubernetes writes it: `spec.hashrings[0].name`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    /// One step down: into an object's member or a list's element.
    public enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// The steps from the object's root.
    public var steps: [Step]

    /// The object's root.
    public init(_ steps: [Step] = []) { self.steps = steps }

    /// A path of member names, divided by points, and of elements: `FieldPath("spec.hashrings[0].name")`.
    ///
    /// Names with points in them need `appending`.
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

    /// The path of a member below this one.
    public func appending(_ key: String) -> FieldPath { FieldPath(steps + [.key(key)]) }
    /// The path of an element below this one.
    public func appending(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

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

extension JSON {
    /// The value at a path, or nil where a step is missing.
    public subscript(path path: FieldPath) -> JSON? {
        var value = self
        for step in path.steps {
            let next =
                switch step {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }
}
