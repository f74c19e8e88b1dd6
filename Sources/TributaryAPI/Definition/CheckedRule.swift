import Kube

/// A rule across fields, once for the API server and once for `render`: what CEL says and what Swift checks.
///
/// Both stand side by side so that they are changed together; a test runs each against the same bad objects.
struct CheckedRule<Value: Sendable>: Sendable {
    /// What a broken rule's message begins with: the values that were found.
    ///
    /// The API server refuses expressions that it reckons dear: none can name an element that it looks for in a list,
    /// nor print a number. Such rules say only what would be right, and the path says where.
    struct Found: Sendable {
        /// A CEL expression for the text.
        let cel: String
        /// The text.
        let text: @Sendable (Value) -> String
    }

    /// The rule as the API server runs it, on the value as `self`.
    let cel: String
    /// What is wrong and what would be right; goes on where ``found`` ends.
    let message: String
    /// The member that is at fault; nil for the value as a whole.
    let field: String?
    /// What was found, where it is not plain from the message.
    let found: Found?
    /// Whether a value keeps the rule.
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

    /// The rule for the API server.
    var rule: Schema.Rule {
        Schema.Rule(
            cel, message: message, messageExpression: found.map { "\($0.cel) + \(celLiteral(" \(message)"))" },
            // The API server knows no path below metadata, since the definition's schema says nothing of it.
            fieldPath: field.flatMap { $0.hasPrefix("metadata") ? nil : ".\($0)" })
    }

    private func celLiteral(_ text: String) -> String {
        "'\(text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined())'"
    }

    /// What is said of a value that breaks the rule.
    func problem(_ value: Value) -> String { found.map { "\($0.text(value)) \(message)" } ?? message }
}

// MARK: - Use

extension Schema {
    /// This schema with rules.
    func with<Value>(rules: [CheckedRule<Value>]) -> Schema {
        with { $0.rules += rules.map(\.rule) }
    }
}

extension [FieldError] {
    /// Adds what rules find wrong with a value.
    mutating func check<Value>(_ value: Value?, _ rules: [CheckedRule<Value>], at path: FieldPath) {
        guard let value else { return }
        for rule in rules where !rule.holds(value) {
            append(FieldError(FieldPath(path.steps + FieldPath(rule.field ?? "").steps), rule.problem(value)))
        }
    }
}
