import Kube

extension FieldError {
    /// This error of a schema in the style of Tributary's messages: what was found and what is expected, in lower case.
    ///
    /// The messages of the API server, which schemas use, repeat the field and contain "in body".
    var inOurWords: FieldError { FieldError(path, Self.reworded(problem, path)) }

    private static func reworded(_ problem: String, _ path: FieldPath) -> String {
        if problem.hasPrefix("Required value") { return "is required" }
        if let parts = problem.split(at: ": supported values: ", after: "Unsupported value: ") {
            return "found \(parts.0), should be one of \(parts.1)"
        }
        if let value = problem.rest(after: "Duplicate value: ") {
            return "found \(value) twice, should be there once"
        }
        if let bound = problem.rest(after: "Too long: may not be more than ") {
            return "is too long, should be at most \(bound)"
        }
        if let parts = problem.split(at: ": must have at most ", after: "Too many: ") {
            return "found \(parts.0), should be at most \(parts.1)"
        }
        if let parts = problem.split(at: ": \(path) in body ", after: "Invalid value: ") {
            guard let type = parts.1.split(at: ": ", after: "must be of type ")?.0 else {
                return "found \(parts.0), \(parts.1)"
            }
            let found = types["\(parts.0.filter { $0 != "\"" })"] ?? parts.0
            return "found \(found), should be \(types[type] ?? type)"
        }
        if problem.hasSuffix("must be of type integer with format int32 in \(path)") {
            return "should be an integer from \(Int32.min) to \(Int32.max)"
        }
        return problem.prefix(1).lowercased() + problem.dropFirst()
    }

    /// The types of JSON schema in plain English.
    private static let types = [
        "string": "a string", "integer": "an integer", "number": "a number", "boolean": "true or false",
        "array": "a list", "object": "an object", "null": "null", "integer,string": "an integer or a string",
    ]
}

extension String {
    /// The text after a prefix; nil if the text does not start with it.
    fileprivate func rest(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }

    /// The parts of the text after a prefix, before and after a separator; nil if the text lacks either.
    fileprivate func split(at separator: String, after prefix: String) -> (String, String)? {
        guard let rest = rest(after: prefix), let range = rest.firstRange(of: separator) else { return nil }
        return (String(rest[..<range.lowerBound]), String(rest[range.upperBound...]))
    }
}
