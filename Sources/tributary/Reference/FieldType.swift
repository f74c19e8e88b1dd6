import Kube

/// The type of a field in words, with the values that it may have.
struct FieldType {
    let text: String

    init(_ schema: Schema) {
        if let allowed = schema.allowedValues {
            let values = allowed.map { "`\($0.flowText)`" }
            text = values.count == 1 ? values[0] : "one of " + values.joined(separator: ", ")
        } else if schema.isIntOrString {
            text = Self.syntax(of: schema) ?? "integer or string"
        } else if let items = schema.items {
            text = "list of \(FieldType(items).text)"
        } else if case .schema(let box)? = schema.additionalProperties {
            text = "map of \(FieldType(box.value).text)"
        } else if schema.type == .integer || schema.type == .number {
            text = (schema.type?.rawValue ?? "") + Self.range(schema)
        } else {
            text = Self.syntax(of: schema) ?? schema.type?.rawValue ?? "any value"
        }
    }

    private static func range(_ schema: Schema) -> String {
        func number(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? "\(value)" }
        return switch (schema.minimum, schema.maximum) {
        case (let least?, let most?): ", \(number(least)) to \(number(most))"
        case (let least?, nil): ", at least \(number(least))"
        case (nil, let most?): ", at most \(number(most))"
        case (nil, nil): ""
        }
    }

    /// Syntaxes that have a name: texts that their patterns match, and texts that they do not match.
    private static let syntaxes: [(name: String, matched: [String], unmatched: [String])] = [
        ("duration", ["1d", "1h30m", "500ms"], ["x", "1Gi", "1.5h"]),
        ("quantity", ["100Mi", "1", "1.5"], ["x", "1d", "10MB"]),
        ("size in bytes", ["10MB", "1GiB"], ["x", "10m"]),
        ("fraction", ["0.5", "1"], ["2", "x"]),
        ("percentage", ["5%", "100%"], ["101%", "x"]),
        ("version", ["v1.2.3", "1.2.3"], ["1.2", "x"]),
        ("URL", ["https://a.b/c", "http://a:1"], ["a.b", "ftp://a"]),
        ("URL of a proxy", ["https://a.b/c", "socks5://a:1"], ["a.b", "ftp://a"]),
        ("object name", ["a-b.c"], ["A", "a_b", "-a"]),
        ("DNS label", ["a-b"], ["A", "a_b", "-a", "a.b"]),
        ("label name", ["a_b", "A"], ["a-b", "1a"]),
        ("UUID", ["01234567-89ab-cdef-0123-456789abcdef"], ["x"]),
    ]

    /// What a string has to be; nil for schemas that are no strings.
    private static func syntax(of schema: Schema) -> String? {
        guard schema.type == .string || schema.isIntOrString else { return nil }
        if schema.format == "date-time" { return "time" }
        guard let pattern = schema.pattern else { return schema.isIntOrString ? nil : "string" }
        var strings = Schema(type: .string)
        strings.pattern = pattern
        let known = syntaxes.first { syntax in
            syntax.matched.allSatisfy { strings.validate(.string($0)).isEmpty }
                && syntax.unmatched.allSatisfy { !strings.validate(.string($0)).isEmpty }
        }
        return known?.name ?? "string that matches \(Markdown.code(pattern))"
    }
}
