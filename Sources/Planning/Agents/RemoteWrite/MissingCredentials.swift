import Kube
import PlanningInput

/// The credentials that an agent's own settings name and that are not there: what its status says it waits for.
struct MissingCredentials {
    /// The reason of what is told about them.
    static let reason = "CredentialNotFound"

    private let about: PlanKey
    /// What is told, each once.
    private(set) var diagnostics: [Diagnostic] = []
    /// What is told elsewhere and waited for as well.
    private var others: [Diagnostic] = []

    init(about: PlanKey) { self.about = about }

    /// Takes in what the fields below a path name and what Prometheus goes on without.
    mutating func add(_ errors: [FieldError], at path: FieldPath) {
        for error in errors {
            let found = Diagnostic(
                severity: .error, about: about, field: FieldPath(path.steps + error.path.steps),
                reason: Self.reason, message: error.problem)
            // Tenants may share what is said for all of them.
            if !diagnostics.contains(found) { diagnostics.append(found) }
        }
    }

    /// Takes in what keeps something from being configured, and is told by others.
    mutating func add(_ problem: Diagnostic) { others.append(problem) }

    /// What the agent waits for; nil where nothing is missing.
    var readiness: Readiness? {
        let all = others + diagnostics
        guard let first = all.first else { return nil }
        let more = all.count > 1 ? "; and \(all.count - 1) more" : ""
        return .progressing(reason: first.reason, message: "\(first.text)\(more)")
    }
}
