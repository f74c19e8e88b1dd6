import Kube
import PlanningInput
import TributaryAPI

/// What a global view needs for its gateway: the configuration for its tenants, the pods, and the way to them from
/// outside.
struct GatewayPlan {
    let backend: any GatewayBackend
    let snapshot: Snapshot
    let spec: GatewaySpec
    let access: GatewayAccess
    let owner: Owner

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

    var view: GlobalView { backend.view }
    var about: PlanKey { .globalView(view.metadata.key) }

    /// Adds what the gateway needs to the plan of its backend.
    func add(to result: inout BackendPlan) {
        let tenants = GatewayTenants(of: backend, in: snapshot)
        let files = configuration(tenants.all).files()
        let secrets = GatewaySecrets(owner: owner, parts: files.parts)
        let certificates = GatewayCertificates(of: view, in: snapshot)
        result.plan.recheck(after: tenants.recheckAfter)
        result.plan.recheck(after: certificates.recheckAfter)
        for problem in certificates.findings { stall(&result, problem) }
        result.plan.diagnostics += files.problems.map(diagnostic) + warnings
        if let problem = secrets.problem(about: about) ?? (files.parts.isEmpty ? tooLarge(files) : nil) {
            // The last good configuration keeps working.
            result.plan.keepsExisting = true
            stall(&result, problem)
        } else {
            result.plan.objects += secrets.objects
        }
        let workload = GatewayWorkload(
            owner: owner, view: view, spec: spec, port: access.port,
            identityImage: view.readsCertificateURIs ? snapshot.reloaderImage : nil,
            serverCertificate: backend.direct.writerCertificate)
        result.plan.objects += workload.objects
        addOutside(to: &result, tenants)
        let progress = snapshot.workloads[WorkloadKey(.deployments, key)]
        let troubles = owner.troubles(GatewayNames.component, program: GatewayNames.program, in: snapshot)
        result.readiness = result.readiness.and(.of(progress, called: "the gateway", troubles))
    }

    private func configuration(_ tenants: [GatewayTenant]) -> GatewayConfiguration {
        var configuration = GatewayConfiguration(
            routes: backend.routes, tenants: tenants, prefix: access.prefix, servesTLS: spec.tls != nil,
            clientCertificates: spec.authentication?.clientCertificates, service: spec.authentication?.service,
            limits: spec.limits ?? GatewayLimits(), partsNow: snapshot.configParts[key])
        configuration.hasServerCertificate = backend.direct.writerCertificate != nil
        configuration.readAuthorization = backend.direct.login?.authorization
        return configuration
    }

    /// The key of the Secret and the Deployment.
    private var key: ObjectKey {
        ObjectKey(namespace: owner.namespace, name: GatewayNames.name(of: owner.metadata.name))
    }

    /// Adds the Ingress or HTTPRoute.
    private func addOutside(to result: inout BackendPlan, _ tenants: GatewayTenants) {
        if let ingress = view.spec.ingress {
            let ingress = GatewayIngress(
                owner: owner, spec: ingress, access: access, largestBody: tenants.largestBody(self.spec.limits))
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
}
