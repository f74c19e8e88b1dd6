import Kube
import PlanningInput
import TributaryAPI

/// What the authors of a view and of its tenants should know about its gateway.
extension GatewayPlan {
    /// What the configuration leaves out, as a warning: all others are served.
    func diagnostic(_ problem: GatewayProblem) -> Diagnostic {
        let tenants = problem.tenants.isEmpty ? "" : "of \(problem.tenants.listed()): "
        let field = problem.tenants.isEmpty ? problem.field ?? "spec.gateway" : nil
        let inner = problem.tenants.isEmpty ? "" : problem.field.map { "\($0): " } ?? ""
        return .warning(about, field, problem.reason, tenants + inner + problem.message)
    }

    func tooLarge(_ files: GatewayFiles) -> Diagnostic {
        let message = files.problems.last { $0.tenants.isEmpty }?.message ?? "the tenants do not fit into Secrets"
        return .error(about, "spec.gateway", "GatewayTooLarge", "\(message); move tenants to another GlobalView")
    }

    /// What does not work as its author may expect.
    var warnings: [Diagnostic] {
        var warnings: [Diagnostic] = []
        if spec.authentication?.clientCertificates != nil,
            view.spec.ingress.map({ !GatewayIngress.passesTLS($0) }) ?? (view.spec.httpRoute != nil)
        {
            let isIngress = view.spec.ingress != nil
            let advice = isIngress ? "; with ingress-nginx, set its annotation ssl-passthrough to \"true\"" : ""
            warnings.append(
                .warning(
                    about, "spec.gateway.authentication.clientCertificates", "CertificatesNotPassed",
                    "only callers in the cluster can use certificates: the \(isIngress ? "Ingress" : "HTTPRoute") ends "
                        + "TLS before the gateway\(advice)"))
        }
        if let outside = access.outside, outside.hasPrefix("http://") {
            let isIngress = view.spec.ingress != nil
            warnings.append(
                .warning(
                    about, isIngress ? "spec.ingress.tls" : "spec.httpRoute.https", "CredentialsInClear",
                    "\(isIngress ? "is absent" : "is false"): callers outside of the cluster send their credentials "
                        + "unencrypted to \(outside)"))
        }
        return warnings
    }
}
