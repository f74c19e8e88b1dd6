import Kube

extension JSON {
    /// The value after a JSON merge patch (RFC 7396).
    func merging(_ patch: JSON) -> JSON {
        guard let changes = patch.object else { return patch }
        var result = object.map(JSON.object) ?? [:]
        for (key, change) in changes {
            result[key] = change.isNull ? nil : (result[key] ?? .null).merging(change)
        }
        return result
    }
}

/// JSON Patch (RFC 6902).
enum JSONPatch {
    /// The value after all operations; throws 422 where one of them cannot be done, 400 where one makes no sense.
    static func apply(_ operations: JSON, to value: JSON) throws(APIStatus) -> JSON {
        guard let list = operations.array else { throw .badRequest("a JSON patch must be a list of operations") }
        var value = value
        for operation in list { value = try apply(one: operation, to: value) }
        return value
    }

    private static func apply(one operation: JSON, to value: JSON) throws(APIStatus) -> JSON {
        guard let name = operation["op"]?.string, let pointer = operation["path"]?.string else {
            throw .badRequest("a JSON patch operation needs op and path: \(operation)")
        }
        let path = try steps(pointer)
        switch name {
        case "add": return try value.adding(try member("value", operation), path[...], pointer)
        case "remove": return try value.removing(path[...], pointer)
        case "replace":
            guard value.at(path[...]) != nil else { throw fault("replace", pointer) }
            return try value.removing(path[...], pointer).adding(try member("value", operation), path[...], pointer)
        case "test":
            guard value.at(path[...]) ?? .null == operation["value"] ?? .null else {
                throw APIStatus(
                    code: 422, reason: "Invalid",
                    message: "the server rejected our request due to an error in our request: testing value "
                        + "\(pointer) failed: test failed")
            }
            return value
        case "copy", "move":
            let from = operation["from"]?.string ?? ""
            guard let moved = value.at(try steps(from)[...]) else { throw fault(name, from) }
            let rest = name == "move" ? try value.removing(try steps(from)[...], from) : value
            return try rest.adding(moved, path[...], pointer)
        default: throw .badRequest("unexpected JSON patch operation: \(name)")
        }
    }

    private static func member(_ name: String, _ operation: JSON) throws(APIStatus) -> JSON {
        guard let value = operation[name] else { throw .badRequest("the operation has no \(name): \(operation)") }
        return value
    }

    private static func steps(_ pointer: String) throws(APIStatus) -> [String] {
        if pointer.isEmpty { return [] }
        guard pointer.hasPrefix("/") else { throw .badRequest("not a JSON pointer: \(pointer)") }
        return pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { step in
            var text = ""
            var rest = step[...]
            while let character = rest.popFirst() {
                if character == "~", let escaped = rest.popFirst() {
                    text.append(escaped == "1" ? "/" : "~")
                } else {
                    text.append(character)
                }
            }
            return text
        }
    }

    fileprivate static func fault(_ operation: String, _ pointer: String) -> APIStatus {
        APIStatus(
            code: 422, reason: "Invalid",
            message: "the server rejected our request due to an error in our request: \(operation) operation does not "
                + "apply: doc is missing path: \(pointer): missing value")
    }
}

extension JSON {
    fileprivate func at(_ path: ArraySlice<String>) -> JSON? {
        guard let step = path.first else { return self }
        let rest = path.dropFirst()
        if let elements = array { return Int(step).flatMap { self[$0] }?.at(rest) ?? (elements.isEmpty ? nil : nil) }
        return self[step]?.at(rest)
    }

    fileprivate func adding(
        _ value: JSON, _ path: ArraySlice<String>, _ pointer: String
    ) throws(APIStatus) -> JSON {
        guard let step = path.first else { return value }
        let rest = path.dropFirst()
        if var elements = array {
            let index = step == "-" ? elements.count : Int(step) ?? -1
            guard rest.isEmpty ? (0...elements.count).contains(index) : elements.indices.contains(index) else {
                throw JSONPatch.fault("add", pointer)
            }
            if rest.isEmpty {
                elements.insert(value, at: index)
            } else {
                elements[index] = try elements[index].adding(value, rest, pointer)
            }
            return .array(elements)
        }
        guard object != nil else { throw JSONPatch.fault("add", pointer) }
        var result = self
        if rest.isEmpty {
            result[step] = value
        } else {
            guard let child = self[step] else { throw JSONPatch.fault("add", pointer) }
            result[step] = try child.adding(value, rest, pointer)
        }
        return result
    }

    fileprivate func removing(_ path: ArraySlice<String>, _ pointer: String) throws(APIStatus) -> JSON {
        guard let step = path.first else { return .null }
        let rest = path.dropFirst()
        if var elements = array {
            guard let index = Int(step), elements.indices.contains(index) else {
                throw JSONPatch.fault("remove", pointer)
            }
            if rest.isEmpty {
                elements.remove(at: index)
            } else {
                elements[index] = try elements[index].removing(rest, pointer)
            }
            return .array(elements)
        }
        guard let child = self[step] else { throw JSONPatch.fault("remove", pointer) }
        var result = self
        result[step] = rest.isEmpty ? nil : try child.removing(rest, pointer)
        return result
    }
}
