import Kube

/// Reads the members of a JSON object by type, and knows their path for messages.
///
/// A member that is null is absent, as for the API server. Unknown members are ignored.
struct Fields {
    /// The members.
    var members: JSON.Members
    /// The path of the object.
    var path: FieldPath

    /// Reads an object; throws ``FieldError`` for any other value.
    init(_ json: JSON, at path: FieldPath) throws(FieldError) {
        guard let members = json.object else { throw FieldError(path, "should be an object, not \(json.typeName)") }
        self.members = members
        self.path = path
    }

    /// Creates an object without members.
    init(emptyAt path: FieldPath) {
        members = [:]
        self.path = path
    }

    /// The path of a member.
    func at(_ key: String) -> FieldPath { path.appending(key) }

    /// Whether the object has a member.
    func has(_ key: String) -> Bool { json(key) != nil }

    /// A member of any type.
    func json(_ key: String) -> JSON? {
        guard let value = members[key], !value.isNull else { return nil }
        return value
    }

    /// A string, possibly empty.
    func string(_ key: String) throws(FieldError) -> String? {
        guard let value = json(key) else { return nil }
        guard let text = value.string else { throw mismatch(key, "a string", value) }
        return text
    }

    /// A string that is not empty; nil for an empty one.
    func text(_ key: String) throws(FieldError) -> String? {
        guard let text = try string(key), !text.isEmpty else { return nil }
        return text
    }

    /// A string that has to be present and not empty.
    func requiredText(_ key: String) throws(FieldError) -> String {
        guard let text = try text(key) else { throw FieldError(at(key), "is required") }
        return text
    }

    /// One of several words, with regard to case.
    func word(_ key: String, among words: [String]) throws(FieldError) -> String? {
        guard let text = try text(key) else { return nil }
        guard words.contains(text) else {
            throw FieldError(at(key), "\"\(text)\" should be one of \(words.joined(separator: ", "))")
        }
        return text
    }

    /// A boolean.
    func bool(_ key: String) throws(FieldError) -> Bool? {
        guard let value = json(key) else { return nil }
        guard let bool = value.bool else { throw mismatch(key, "true or false", value) }
        return bool
    }

    /// A whole number from 0 on.
    func count(_ key: String) throws(FieldError) -> Int? {
        guard let value = json(key) else { return nil }
        guard case .int(let number) = value else { throw mismatch(key, "a whole number", value) }
        guard number >= 0 else { throw FieldError(at(key), "\(number) should not be negative") }
        return Int(number)
    }

    /// A duration in the syntax of Prometheus; nil for an empty string.
    func duration(_ key: String) throws(FieldError) -> String? {
        guard let text = try text(key) else { return nil }
        guard PrometheusDuration(text) != nil else {
            throw FieldError(at(key), PrometheusDuration.problem(text))
        }
        return text
    }

    /// A list of strings.
    func strings(_ key: String) throws(FieldError) -> [String]? {
        guard let value = json(key) else { return nil }
        return try Self.strings(value, at: at(key))
    }

    /// An object of strings, sorted by name.
    func stringMap(_ key: String) throws(FieldError) -> [(key: String, value: String)]? {
        guard let value = json(key) else { return nil }
        guard let members = value.object else { throw mismatch(key, "an object", value) }
        var result: [(key: String, value: String)] = []
        for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard let text = value.string else {
                throw FieldError(at(key).appending(name), "should be a string, not \(value.typeName)")
            }
            result.append((name, text))
        }
        return result
    }

    /// An object of lists of strings, sorted by name.
    func stringLists(_ key: String) throws(FieldError) -> JSON? {
        guard let value = json(key) else { return nil }
        guard let members = value.object else { throw mismatch(key, "an object", value) }
        var result: JSON.Members = [:]
        for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            result[name] = JSON(try Self.strings(value, at: at(key).appending(name)))
        }
        return .object(result)
    }

    /// An object.
    func object(_ key: String) throws(FieldError) -> Fields? {
        guard let value = json(key) else { return nil }
        return try Fields(value, at: at(key))
    }

    /// An object; one without members if it is absent.
    func objectOrEmpty(_ key: String) throws(FieldError) -> Fields { try object(key) ?? Fields(emptyAt: at(key)) }

    /// A list of objects; empty if it is absent.
    func objects(_ key: String) throws(FieldError) -> [Fields] {
        guard let value = json(key) else { return [] }
        guard let elements = value.array else { throw mismatch(key, "a list", value) }
        var result: [Fields] = []
        for (index, element) in elements.enumerated() {
            result.append(try Fields(element, at: at(key).appending(index)))
        }
        return result
    }

    private static func strings(_ value: JSON, at path: FieldPath) throws(FieldError) -> [String] {
        guard let elements = value.array else { throw FieldError(path, "should be a list, not \(value.typeName)") }
        var result: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.string else {
                throw FieldError(path.appending(index), "should be a string, not \(element.typeName)")
            }
            result.append(text)
        }
        return result
    }

    private func mismatch(_ key: String, _ expected: String, _ found: JSON) -> FieldError {
        let shown: String =
            switch found {
            case .string(let text): "\"\(text.prefix(60))\""
            case .int, .double, .bool: found.text()
            default: found.typeName
            }
        return FieldError(at(key), "should be \(expected), not \(shown)")
    }
}
