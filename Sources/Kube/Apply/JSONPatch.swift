/// Why a JSON patch cannot be applied.
public struct JSONPatchError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The index of the operation.
    public var operation: Int
    /// The operation, as far as it can be read: `replace /spec/replicas`.
    public var summary: String
    /// The problem, lower case, without a full stop.
    public var problem: String

    /// `operation 0 (replace /spec/replicas): there is no member "replicas"`.
    public var description: String { "operation \(operation)\(summary.isEmpty ? "" : " (\(summary))"): \(problem)" }
}

extension Patch {
    /// The most operations of one patch: the API server's limit.
    private static let maximumOperations = 10_000
    /// The most bytes that all `copy` operations of a patch may add together: the API server's limit.
    private static let maximumCopiedBytes = 3 << 20

    /// Applies a JSON patch, a list of operations: either all of them or none.
    ///
    /// Throws ``JSONPatchError`` for an operation that is malformed, has no value at its path, or is a failed test.
    public static func apply(_ operations: JSON, to target: JSON) throws(JSONPatchError) -> JSON {
        guard let list = operations.array else {
            throw JSONPatchError(
                operation: 0, summary: "", problem: "a patch should be a list, not \(operations.typeName)")
        }
        guard list.count <= maximumOperations else {
            throw JSONPatchError(
                operation: maximumOperations, summary: "",
                problem: "a patch should have at most \(maximumOperations) operations, not \(list.count)")
        }
        var result = target
        var copied = 0
        for (index, json) in list.enumerated() {
            do throws(FieldError) {
                let operation = try JSONPatchOperation(json)
                if operation.kind == .copy, let value = operation.from.flatMap({ result[pointer: $0[...]] }) {
                    copied += value.encoded().count
                    guard copied <= maximumCopiedBytes else {
                        throw FieldError(FieldPath(), "copies more than \(maximumCopiedBytes) bytes")
                    }
                }
                try operation.apply(to: &result)
            } catch {
                let parts = [json["op"]?.string, json["path"]?.string].compactMap { $0 }
                let problem = error.path.steps.isEmpty ? error.problem : "\(error)"
                throw JSONPatchError(operation: index, summary: parts.joined(separator: " "), problem: problem)
            }
        }
        return result
    }
}

private struct JSONPatchOperation {
    enum Kind: String {
        case add, remove, replace, move, copy, test
    }

    let kind: Kind
    let path: [String]
    let from: [String]?
    let value: JSON?

    init(_ json: JSON) throws(FieldError) {
        guard json.object != nil else { throw FieldError(FieldPath(), "\(json.typeName) should be an object") }
        guard let name = json["op"]?.string else { throw FieldError(FieldPath("op"), "is required") }
        guard let kind = Kind(rawValue: name) else {
            throw FieldError(FieldPath("op"), "\(JSON(name)) should be add, remove, replace, move, copy or test")
        }
        self.kind = kind
        path = try Self.pointer(json, "path")
        from = kind == .move || kind == .copy ? try Self.pointer(json, "from") : nil
        value = json["value"]
        if value == nil, kind == .add || kind == .replace || kind == .test {
            throw FieldError(FieldPath("value"), "is required")
        }
    }

    /// The steps of a JSON pointer (RFC 6901).
    private static func pointer(_ json: JSON, _ member: String) throws(FieldError) -> [String] {
        guard let text = json[member]?.string else { throw FieldError(FieldPath(member), "is required") }
        guard text.isEmpty || text.hasPrefix("/") else {
            throw FieldError(FieldPath(member), "\(JSON(text)) should begin with /")
        }
        return text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { step in
            step.contains("~") ? unescaped(step) : String(step)
        }
    }

    /// A step with its escapes decoded: `~1` is a slash and `~0` a tilde.
    private static func unescaped(_ step: Substring) -> String {
        let parts = step.split(separator: "~", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(into: String(parts[0])) { text, part in
            switch part.first {
            case "1": text += "/" + part.dropFirst()
            case "0": text += "~" + part.dropFirst()
            default: text += "~" + part
            }
        }
    }

    func apply(to target: inout JSON) throws(FieldError) {
        switch kind {
        case .add: try target.add(value ?? .null, at: path[...])
        case .remove: _ = try target.remove(at: path[...])
        case .replace: try target.replace(value ?? .null, at: path[...])
        case .move:
            let source = from ?? []
            if path.count > source.count, path.starts(with: source) {
                throw FieldError(FieldPath(), "a value cannot be moved into itself")
            }
            let value = try target.remove(at: source[...])
            try target.add(value, at: path[...])
        case .copy: try target.add(try target.found(at: (from ?? [])[...]), at: path[...])
        case .test:
            let found = try target.found(at: path[...])
            guard found == value else { throw FieldError(FieldPath(), "the value is \(found), not \(value ?? .null)") }
        }
    }
}

extension JSON {
    /// The value at a pointer; nil if there is none, which the operation itself then reports.
    fileprivate subscript(pointer path: ArraySlice<String>) -> JSON? { try? found(at: path) }

    fileprivate func found(at path: ArraySlice<String>) throws(FieldError) -> JSON {
        guard let step = path.first else { return self }
        switch self {
        case .object(let members):
            guard let member = members[step] else { throw Self.noMember(step) }
            return try member.found(at: path.dropFirst())
        case .array(let elements):
            return try elements[try Self.index(step, below: elements.count)].found(at: path.dropFirst())
        default: throw Self.notContainer(step, self)
        }
    }

    /// Runs a change on the parent of the last step.
    private mutating func descend<Result>(
        _ path: ArraySlice<String>, _ body: (inout JSON, String) throws(FieldError) -> Result
    ) throws(FieldError) -> Result {
        guard let step = path.first else { throw FieldError(FieldPath(), "the whole object cannot be removed") }
        if path.count == 1 { return try body(&self, step) }
        switch self {
        case .object(var members):
            guard var child = members[step] else { throw Self.noMember(step) }
            let result = try child.descend(path.dropFirst(), body)
            members[step] = child
            self = .object(members)
            return result
        case .array(var elements):
            let index = try Self.index(step, below: elements.count)
            let result = try elements[index].descend(path.dropFirst(), body)
            self = .array(elements)
            return result
        default: throw Self.notContainer(step, self)
        }
    }

    fileprivate mutating func add(_ value: JSON, at path: ArraySlice<String>) throws(FieldError) {
        try put(value, at: path) { (elements: inout [JSON], step) throws(FieldError) in
            let index = step == "-" ? elements.count : try Self.index(step, below: elements.count + 1)
            elements.insert(value, at: index)
        }
    }

    fileprivate mutating func replace(_ value: JSON, at path: ArraySlice<String>) throws(FieldError) {
        _ = try found(at: path)
        try put(value, at: path) { (elements: inout [JSON], step) throws(FieldError) in
            elements[try Self.index(step, below: elements.count)] = value
        }
    }

    /// Puts a value at a path; `putIn` puts it into a list.
    private mutating func put(
        _ value: JSON, at path: ArraySlice<String>,
        _ putIn: (_ elements: inout [JSON], _ step: String) throws(FieldError) -> Void
    ) throws(FieldError) {
        if path.isEmpty {
            self = value
            return
        }
        try descend(path) { (parent: inout JSON, step) throws(FieldError) in
            switch parent {
            case .object(var members):
                members[step] = value
                parent = .object(members)
            case .array(var elements):
                try putIn(&elements, step)
                parent = .array(elements)
            default: throw Self.notContainer(step, parent)
            }
        }
    }

    fileprivate mutating func remove(at path: ArraySlice<String>) throws(FieldError) -> JSON {
        try descend(path) { (parent: inout JSON, step) throws(FieldError) in
            switch parent {
            case .object(var members):
                guard let removed = members.removeValue(forKey: step) else { throw Self.noMember(step) }
                parent = .object(members)
                return removed
            case .array(var elements):
                let removed = elements.remove(at: try Self.index(step, below: elements.count))
                parent = .array(elements)
                return removed
            default: throw Self.notContainer(step, parent)
            }
        }
    }

    private static func noMember(_ step: String) -> FieldError {
        FieldError(FieldPath(), "there is no member \(JSON(step))")
    }

    private static func notContainer(_ step: String, _ value: JSON) -> FieldError {
        FieldError(FieldPath(), "\(JSON(step)) would be a member of \(value.typeName)")
    }

    /// The index of a list: digits without a leading zero.
    private static func index(_ step: String, below count: Int) throws(FieldError) -> Int {
        guard step == "0" || !step.hasPrefix("0"), step.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let index = Int(step)
        else { throw FieldError(FieldPath(), "\(JSON(step)) should be the index of an element") }
        guard index < count else {
            throw FieldError(FieldPath(), "there is no element \(index): the index should be below \(count)")
        }
        return index
    }
}
