import Kube

/// A rule across fields, written twice: in CEL for the API server, and in Swift for checks without one.
///
/// Both forms stand side by side so that they are changed together; a test runs each against the same bad objects.
struct CheckedRule<Value: Sendable>: Sendable {
    /// The beginning of the message: the values that were found.
    ///
    /// The API server refuses expressions whose estimated cost is too high. An expression cannot name an element that
    /// it looks for in a list, nor print a number. Such rules state only what is expected, and the path says where.
    struct Found: Sendable {
        /// A CEL expression for the text.
        let cel: String
        /// The text.
        let text: @Sendable (Value) -> String
    }

    /// The rule as the API server evaluates it, with the value as `self`.
    let cel: String
    /// What is expected; continues where ``found`` ends.
    let message: String
    /// The member at fault; nil if it is the value as a whole.
    let field: String?
    /// What was found, unless the message makes it clear.
    let found: Found?
    /// Whether a value complies with the rule.
    let holds: @Sendable (Value) -> Bool

    init(
        _ cel: String, _ message: String, at field: String? = nil, found: Found? = nil,
        holds: @escaping @Sendable (Value) -> Bool
    ) {
        self.cel = cel
        self.message = message
        self.field = field
        self.found = found
        self.holds = holds
    }

    /// The rule in the schema.
    var rule: Schema.Rule {
        Schema.Rule(
            cel, message: message, messageExpression: found.map { "\($0.cel) + \(celLiteral(" \(message)"))" },
            // The API server knows no path below metadata, which the schema of the definition does not describe.
            fieldPath: field.flatMap { $0.hasPrefix("metadata") ? nil : ".\($0)" })
    }

    private func celLiteral(_ text: String) -> String {
        "'\(text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined())'"
    }

    /// The message about a value that violates the rule.
    func problem(_ value: Value) -> String { found.map { "\($0.text(value)) \(message)" } ?? message }
}

extension Schema {
    /// This schema with additional rules.
    func with<Value>(rules: [CheckedRule<Value>]) -> Schema {
        with { $0.rules += rules.map(\.rule) }
    }
}

extension [FieldError] {
    /// Adds an error for each rule that a value violates; an absent value violates none.
    mutating func check<Value>(_ value: Value?, _ rules: [CheckedRule<Value>], at path: FieldPath) {
        guard let value else { return }
        for rule in rules where !rule.holds(value) {
            append(FieldError(FieldPath(path.steps + FieldPath(rule.field ?? "").steps), rule.problem(value)))
        }
    }
}
