import Hashring
import PlanningInput

/// The endpoints of others that a view has Thanos Query read from, without those that it cannot use.
struct QueryEndpoints {
    private(set) var usable: [String] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(_ view: ThanosView) {
        for (index, endpoint) in (view.spec.query?.endpoints ?? []).enumerated() {
            let problem = QueryEndpoint.problem(endpoint)
            if problem?.isCertain != true { usable.append(endpoint) }
            guard let problem else { continue }
            let effect =
                problem.isCertain
                ? "Thanos Query would find nothing there, so it is left out"
                : "Thanos Query dials port 443 there, or none"
            let field = "spec.thanos.query.endpoints[\(index)]"
            let message = "\"\(endpoint)\" \(problem.text): \(effect); should be such as \"\(problem.right)\""
            diagnostics.append(
                problem.isCertain
                    ? .error(view.about, field, "EndpointInvalid", message)
                    : .warning(view.about, field, "EndpointInvalid", message))
        }
    }
}
