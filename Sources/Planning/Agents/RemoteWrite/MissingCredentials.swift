import Kube
import PlanningInput

/// The missing credentials that an agent's own settings name. The status says that the agent waits for them.
struct MissingCredentials {
    /// The reason of the diagnostics and of the condition.
    static let reason = "CredentialNotFound"

    private let about: PlanKey
    /// The diagnostics, without duplicates.
    private(set) var diagnostics: [Diagnostic] = []
    /// Diagnostics that are reported elsewhere and that the agent also waits for.
    private var others: [Diagnostic] = []

    init(about: PlanKey) { self.about = about }

    /// Adds the missing credentials, named by fields below a path, that Prometheus can do without.
    mutating func add(_ errors: [FieldError], at path: FieldPath) {
        for error in errors {
            let found = Diagnostic(
                severity: .error, about: about, field: FieldPath(path.steps + error.path.steps),
                reason: Self.reason, message: error.problem)
            // Tenants may share an entry that applies to all of them.
            if !diagnostics.contains(found) { diagnostics.append(found) }
        }
    }

    /// Adds a problem that prevents some configuration and is reported elsewhere.
    mutating func add(_ problem: Diagnostic) { others.append(problem) }

    /// The readiness of an agent that waits for credentials; nil if nothing is missing.
    var readiness: Readiness? {
        let all = others + diagnostics
        guard let first = all.first else { return nil }
        let more = all.count > 1 ? "; and \(all.count - 1) more" : ""
        return .progressing(reason: first.reason, message: "\(first.text)\(more)")
    }
}
