import Kube

/// A rule across fields, once for the API server and once for `render`: what CEL says and what Swift checks.
///
/// Both stand side by side so that they are changed together; a test runs each against the same bad objects.
struct CheckedRule<Value: Sendable>: Sendable {
    /// The rule as the API server runs it, on the value as `self`.
    let cel: String
    /// What is wrong and what would be right.
    let message: String
    /// The member that is at fault; nil for the value as a whole.
    let field: String?
    /// Whether a value keeps the rule.
    let holds: @Sendable (Value) -> Bool

    init(_ cel: String, _ message: String, at field: String? = nil, holds: @escaping @Sendable (Value) -> Bool) {
        self.cel = cel
        self.message = message
        self.field = field
        self.holds = holds
    }
}

extension Schema {
    /// This schema with rules.
    func with<Value>(rules: [CheckedRule<Value>]) -> Schema {
        with { schema in
            schema.rules += rules.map { rule in
                // The API server knows no path below metadata, since the definition's schema says nothing of it.
                let field = rule.field.flatMap { $0.hasPrefix("metadata") ? nil : ".\($0)" }
                return Rule(rule.cel, message: rule.message, fieldPath: field)
            }
        }
    }
}

extension [FieldError] {
    /// Adds what rules find wrong with a value.
    mutating func check<Value>(_ value: Value?, _ rules: [CheckedRule<Value>], at path: FieldPath) {
        guard let value else { return }
        for rule in rules where !rule.holds(value) {
            append(FieldError(FieldPath(path.steps + FieldPath(rule.field ?? "").steps), rule.message))
        }
    }
}
