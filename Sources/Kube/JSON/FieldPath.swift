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

    /// A path of member names, divided by points: `FieldPath("spec.read")`; names with points in them need `appending`.
    public init(_ text: String) { steps = text.split(separator: ".").map { .key(String($0)) } }

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
