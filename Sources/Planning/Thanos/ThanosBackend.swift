import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// Thanos behind a global view: hashrings, the receivers and routers that Tributary runs, limits, and Thanos Query.
struct ThanosBackend: ViewBackend {
    let view: GlobalView
    let thanos: ThanosView

    init?(_ view: GlobalView, in snapshot: Snapshot) {
        guard let spec = view.spec.thanos else { return nil }
        self.view = view
        thanos = ThanosView(resource: view, spec: spec, snapshot: snapshot)
    }

    var direct: ViewEndpoints {
        let tenancy = thanos.tenancy
        let query = thanos.spec.query?.url ?? (thanos.spec.queryReplicas > 0 ? thanos.ownQueryURL : nil)
        let router = RouterWorkload.writeURL(
            of: thanos.name, namespace: thanos.namespace, isTLS: thanos.tls != nil)
        var endpoints = ViewEndpoints(
            tenantLabel: tenancy.label,
            queryURL: thanos.hasTenantQuery ? thanos.ownTenantQueryURL : query,
            writeURL: thanos.spec.writeURL ?? (thanos.spec.hasRouter ? router : nil),
            outsideWriteURL: ViewEndpoints.outside(thanos.spec.writeURL),
            tenantHeader: tenancy.header, filtersRules: true, flavour: "Thanos",
            wideQueryURL: thanos.hasTenantQuery ? query : nil)
        if let tls = thanos.tls {
            let authorities = SecretOrConfigMap(secret: tls.secretName, key: ThanosTLS.authoritiesKey)
            // What others run has a certificate that others trust.
            if thanos.spec.query?.url == nil { endpoints.queryAuthorities = authorities }
            if thanos.spec.writeURL == nil {
                endpoints.writeAuthorities = authorities
                endpoints.writerCertificate = tls.checksWriters ? tls.secretName : nil
            }
        }
        return endpoints
    }

    /// The hosts that the certificate of all parts is for.
    private var hosts: [String] {
        var names: [String] = []
        if thanos.spec.hasRouter { names.append(ThanosNames.router(of: thanos.name)) }
        if thanos.spec.queryReplicas > 0 {
            names.append(ThanosNames.query(of: thanos.name))
            if thanos.hasTenantQuery { names.append(ThanosNames.tenantQuery(of: thanos.name)) }
        }
        if thanos.frontend != nil {
            names.append(ThanosNames.frontend(of: thanos.name))
            if thanos.hasTenantQuery { names.append(ThanosNames.tenantFrontend(of: thanos.name)) }
        }
        let own = ThanosNames.tlsServerName(of: thanos.name, in: thanos.namespace)
        return [own] + names.map { "\($0).\(thanos.namespace).svc" }
    }

    func refusal(of tenant: Tenant) -> Diagnostic? { thanos.refusal(of: tenant) }
    func findings(about tenant: Tenant) -> [Diagnostic] { thanos.findings(about: tenant) }
    func hashring(of tenant: Tenant) -> String? { thanos.hashring(of: tenant) }

    func plan() -> BackendPlan {
        let states = FileStates(thanos)
        let hashrings = HashringPlan(thanos)
        let limits = LimitsPlan(thanos)
        let storage = StoragePlan(thanos)
        let frontends = FrontendPlan(thanos)
        let receivers = ReceiverPlan(
            thanos, hashrings, hasLimits: limits.text != nil, states, stores: storage.endpoints)
        let arrival = FileArrival(thanos, hashrings, states)
        let readiness = limits.readiness ?? hashrings.readiness(with: receivers)
        var result = BackendPlan(arrival.readiness(readiness))
        for other in [storage.readiness, frontends.readiness].compactMap(\.self) {
            result.readiness = result.readiness.and(other)
        }
        let endpoints = QueryEndpoints(thanos).diagnostics
        result.readiness = result.readiness.with(endpoints)
        let certificate = ThanosCertificate(of: view, hosts: hosts, in: thanos.snapshot)
        if let other = certificate.readiness { result.readiness = other.and(result.readiness) }
        var workloads = receivers.objects + storage.objects + frontends.objects
        let hasServers = !workloads.isEmpty
        if !certificate.isUsable { withhold(&workloads, &result.plan) }
        let web = thanos.tls != nil && thanos.spec.queryReplicas > 0 ? [ThanosTLS.webConfig(thanos.owner)] : []
        result.plan.objects =
            [hashrings.object, limits.object, certificate.object].compactMap(\.self) + web
            + (hasServers ? [account] : []) + workloads
        result.plan.diagnostics =
            hashrings.diagnostics + limits.diagnostics + receivers.diagnostics + arrival.diagnostics
            + storage.diagnostics + endpoints + certificate.diagnostics + thanos.adoptedFlagFindings
            + [thanos.tenancyFinding, hashrings.unusedMoveFinding].compactMap(\.self)
            + thanos.release.findings(about: thanos.about, thanos.spec)
        for after in [
            hashrings.recheckAfter, receivers.recheckAfter, arrival.recheckAfter, certificate.recheckAfter,
        ] {
            result.plan.recheck(after: after)
        }
        result.plan.hashrings = hashrings.report(arrival)
        result.plan.keeps.formUnion(receivers.keeps.union(storage.keeps).union(certificate.keeps))
        result.plan.scaled = receivers.scaled
        result.plan.annotations = arrival.annotations
        result.plan.fileReaders = arrival.readers
        result.hasReceivers = receivers.hasReceivers
        result.adoptedReceivers = thanos.adoptedReceivers
        result.status = hashrings.status
        arrival.add(to: &result.status)
        return result
    }

    /// Leaves out what runs pods, so that those that run stay as they are.
    private func withhold(_ objects: inout [Object], _ plan: inout Plan) {
        objects.removeAll { object in
            let kinds: [Resource] = [.statefulSets, .deployments]
            guard let resource = kinds.first(where: { $0.kind == object.kind }) else { return false }
            plan.keeps.insert(Plan.Kept(resource, object.key))
            return true
        }
    }

    /// The ServiceAccount of all components.
    private var account: Object {
        thanos.owner.object(
            .serviceAccounts, ThanosNames.account(of: thanos.name),
            labels: thanos.owner.labels("thanos", program: "thanos"), ["automountServiceAccountToken": false])
    }
}
