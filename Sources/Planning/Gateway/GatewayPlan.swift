import Kube
import PlanningInput
import TributaryAPI

/// What a global view needs for its gateway: the configuration for its tenants, the pods, and the way to them from
/// outside.
struct GatewayPlan {
    private let backend: any GatewayBackend
    private let snapshot: Snapshot
    private let spec: GatewaySpec
    private let access: GatewayAccess
    private let owner: Owner

    /// The plan of a view's gateway; nil if the view has none.
    init?(_ backend: any GatewayBackend, in snapshot: Snapshot) {
        let view = backend.view
        guard let spec = view.spec.gateway, let access = GatewayAccess(view) else { return nil }
        self.backend = backend
        self.snapshot = snapshot
        self.spec = spec
        self.access = access
        owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
    }

    private var view: GlobalView { backend.view }
    private var about: PlanKey { .globalView(view.metadata.key) }

    /// Adds what the gateway needs to the plan of its backend.
    func add(to result: inout BackendPlan) {
        let tenants = GatewayTenants(of: backend, in: snapshot)
        let files = configuration(tenants.all).files()
        let secrets = GatewaySecrets(owner: owner, parts: files.parts)
        result.plan.recheck(after: tenants.recheckAfter)
        result.plan.diagnostics += files.problems.map(diagnostic) + warnings
        if let problem = secrets.problem(about: about) ?? (files.parts.isEmpty ? tooLarge(files) : nil) {
            // The last good configuration keeps working.
            result.plan.keepsExisting = true
            stall(&result, problem)
        } else {
            result.plan.objects += secrets.objects
            let hash = String(files.hash.prefix(12))
            let told = PodAnnotation.gateway(of: view.metadata.key, hash: hash, in: snapshot)
            result.plan.annotations += told.annotations
            result.plan.recheck(after: told.after)
        }
        result.plan.objects += GatewayWorkload(owner: owner, view: view, spec: spec, port: access.port).objects
        addOutside(to: &result, tenants)
        let workload = snapshot.workloads[WorkloadKey(.deployments, key)]
        result.readiness = result.readiness.and(.of(workload, called: "the gateway"))
    }

    private func configuration(_ tenants: [GatewayTenant]) -> GatewayConfiguration {
        GatewayConfiguration(
            routes: backend.routes, tenants: tenants, prefix: access.prefix, servesTLS: spec.tls != nil,
            clientCertificates: spec.authentication?.clientCertificates, service: spec.authentication?.service,
            limits: spec.limits ?? GatewayLimits(), partsNow: snapshot.configParts[key])
    }

    /// The key of the Secret and the Deployment.
    private var key: ObjectKey {
        ObjectKey(namespace: owner.namespace, name: GatewayNames.name(of: owner.metadata.name))
    }

    /// What the configuration leaves out, as a warning: all others are served.
    private func diagnostic(_ problem: GatewayProblem) -> Diagnostic {
        let tenants = problem.tenants.isEmpty ? "" : "of \(problem.tenants.listed()): "
        let field = problem.tenants.isEmpty ? problem.field ?? "spec.gateway" : nil
        let inner = problem.tenants.isEmpty ? "" : problem.field.map { "\($0): " } ?? ""
        return .warning(about, field, problem.reason, tenants + inner + problem.message)
    }

    private func tooLarge(_ files: GatewayFiles) -> Diagnostic {
        let message = files.problems.last { $0.tenants.isEmpty }?.message ?? "the tenants do not fit into Secrets"
        return .error(about, "spec.gateway", "GatewayTooLarge", "\(message); move tenants to another GlobalView")
    }

    /// Adds the Ingress or HTTPRoute.
    private func addOutside(to result: inout BackendPlan, _ tenants: GatewayTenants) {
        if let ingress = view.spec.ingress {
            let ingress = GatewayIngress(
                owner: owner, spec: ingress, access: access, largestBody: tenants.largestBody)
            result.plan.objects.append(ingress.object)
        }
        guard let spec = view.spec.httpRoute else { return }
        let route = GatewayHTTPRoute(owner: owner, spec: spec, access: access)
        let isServed = snapshot.serves(.httpRoutes)
        guard isServed != true else {
            result.plan.objects.append(route.object)
            return
        }
        // An API server that starts does not serve it for a moment.
        result.plan.keeps.insert(route.kept)
        if isServed == false {
            stall(
                &result,
                .error(
                    about, "spec.httpRoute", "KindNotServed",
                    "the API server does not serve HTTPRoute of \(Resource.httpRoutes.apiVersion): install the Gateway "
                        + "API, or set ingress instead"))
        }
    }

    private func stall(_ result: inout BackendPlan, _ problem: Diagnostic) {
        result.plan.diagnostics.append(problem)
        result.readiness = result.readiness.and(.stalled(problem.reason, problem.text))
    }

    /// What does not work as its author may expect.
    private var warnings: [Diagnostic] {
        var warnings: [Diagnostic] = []
        if spec.authentication?.clientCertificates != nil,
            view.spec.ingress.map({ !GatewayIngress.passesTLS($0) }) ?? (view.spec.httpRoute != nil)
        {
            warnings.append(
                .warning(
                    about, "spec.gateway.authentication.clientCertificates", "CertificatesNotPassed",
                    "only callers in the cluster can use certificates: the \(view.spec.ingress == nil ? "HTTPRoute" : "Ingress") "
                        + "ends TLS before the gateway"
                        + (view.spec.ingress == nil
                            ? "" : "; with ingress-nginx, set its annotation ssl-passthrough to \"true\"")))
        }
        if snapshot.forbiddenWatches.contains(snapshot.gatewayScope(of: view.metadata.key)) {
            warnings.append(
                .warning(
                    about, "spec.gateway", "WatchForbidden",
                    "the gateway gets a new configuration on the next kubelet sync, after up to two minutes: Tributary "
                        + "may not list and watch pods in namespace \"\(owner.namespace)\"; grant the verbs list and watch"))
        }
        return warnings
    }
}
