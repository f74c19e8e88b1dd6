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
        let router = RouterWorkload.writeURL(of: thanos.name, namespace: thanos.namespace)
        return ViewEndpoints(
            tenantLabel: tenancy.label,
            queryURL: thanos.hasTenantQuery ? thanos.ownTenantQueryURL : query,
            writeURL: thanos.spec.writeURL ?? (thanos.spec.hasRouter ? router : nil),
            outsideWriteURL: ViewEndpoints.outside(thanos.spec.writeURL),
            tenantHeader: tenancy.header, filtersRules: true, flavour: "Thanos",
            wideQueryURL: thanos.hasTenantQuery ? query : nil)
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
        let workloads = receivers.objects + storage.objects + frontends.objects
        result.plan.objects =
            [hashrings.object, limits.object].compactMap(\.self) + (workloads.isEmpty ? [] : [account]) + workloads
        result.plan.diagnostics =
            hashrings.diagnostics + limits.diagnostics + receivers.diagnostics + arrival.diagnostics
            + storage.diagnostics + thanos.adoptedFlagFindings
            + [thanos.tenancyFinding, hashrings.unusedMoveFinding].compactMap(\.self)
            + thanos.release.findings(about: thanos.about, thanos.spec)
        for after in [hashrings.recheckAfter, receivers.recheckAfter, arrival.recheckAfter] {
            result.plan.recheck(after: after)
        }
        result.plan.hashrings = hashrings.report(arrival)
        result.plan.keeps = receivers.keeps.union(storage.keeps)
        result.plan.annotations = arrival.annotations
        result.plan.fileReaders = arrival.readers
        result.hasReceivers = receivers.hasReceivers
        result.adoptedReceivers = thanos.adoptedReceivers
        result.status = hashrings.status
        arrival.add(to: &result.status)
        return result
    }

    /// The ServiceAccount of all components.
    private var account: Object {
        thanos.owner.object(
            .serviceAccounts, ThanosNames.account(of: thanos.name),
            labels: thanos.owner.labels("thanos", program: "thanos"), ["automountServiceAccountToken": false])
    }
}
