import Kube
import PlanningInput
import PrometheusConfig

/// The result for one input.
final class JobEntry: Sendable {
    /// A credential that was looked up, and what was known about its Secret or ConfigMap then.
    struct Use: Sendable {
        var reference: CredentialReference
        var content: Boxed<CredentialContent?>?
    }

    /// Why there are no jobs.
    struct Problem: Sendable, Hashable {
        var reason: String
        var error: FieldError
    }

    let input: JobInput
    let uses: [Use]
    /// The credentials that the pod needs as files.
    let files: Set<CredentialReference>
    let jobs: [RenderedJob]
    /// Why there are no jobs, or why some jobs of a list are missing.
    let problems: [Problem]
    /// The fields that the version of Prometheus does not support.
    let leftOut: [FieldError]
    /// The fields that the kind of the monitor does not have.
    let unknown: [FieldError]

    init(
        _ input: JobInput, uses: [Use] = [], files: Set<CredentialReference> = [], jobs: [RenderedJob] = [],
        problems: [Problem] = [], leftOut: [FieldError] = [], unknown: [FieldError] = []
    ) {
        self.input = input
        self.uses = uses
        self.files = files
        self.jobs = jobs
        self.problems = problems
        self.leftOut = leftOut
        self.unknown = unknown
    }

    /// Whether the same input would give the same result now.
    func holds(for input: JobInput, in monitoring: Monitoring) -> Bool {
        self.input.isSame(as: input) && uses.allSatisfy { $0.content === monitoring.content(of: $0.reference) }
    }
}
