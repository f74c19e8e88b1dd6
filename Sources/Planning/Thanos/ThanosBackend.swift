import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// Thanos behind a global view: hashrings, the receivers and routers that Tributary runs, limits, and Thanos Query.
struct ThanosBackend: ViewBackend {
    let view: GlobalView
    private let thanos: ThanosView

    init?(_ view: GlobalView, in snapshot: Snapshot) {
        guard let spec = view.spec.thanos else { return nil }
        self.view = view
        thanos = ThanosView(resource: view, spec: spec, snapshot: snapshot)
    }

    var direct: ViewEndpoints {
        let (name, namespace) = (thanos.name, thanos.namespace)
        let query = QueryWorkload.url(of: name, namespace: namespace)
        let router = RouterWorkload.writeURL(of: name, namespace: namespace)
        return ViewEndpoints(
            tenantLabel: view.tenantLabel,
            queryURL: thanos.spec.query?.url ?? (thanos.spec.queryReplicas > 0 ? query : nil),
            writeURL: thanos.spec.writeURL ?? (thanos.spec.hasRouter ? router : nil),
            outsideWriteURL: ViewEndpoints.outside(thanos.spec.writeURL),
            tenantHeader: ThanosView.tenantHeader, filtersRules: true, flavour: "Thanos")
    }

    func refusal(of tenant: Tenant) -> Diagnostic? { thanos.refusal(of: tenant) }
    func findings(about tenant: Tenant) -> [Diagnostic] { thanos.findings(about: tenant) }
    func hashring(of tenant: Tenant) -> String? { thanos.hashring(of: tenant) }

    func plan() -> BackendPlan {
        let states = FileStates(thanos)
        let hashrings = HashringPlan(thanos)
        let limits = LimitsPlan(thanos)
        let receivers = ReceiverPlan(thanos, hashrings, hasLimits: limits.text != nil, states)
        let arrival = FileArrival(thanos, hashrings, states)
        let readiness = limits.readiness ?? hashrings.readiness(with: receivers)
        var result = BackendPlan(arrival.readiness(readiness))
        result.plan.objects =
            [hashrings.object, limits.object].compactMap(\.self) + receivers.objects
        result.plan.diagnostics =
            hashrings.diagnostics + limits.diagnostics + receivers.diagnostics + arrival.diagnostics
        for after in [hashrings.recheckAfter, receivers.recheckAfter, arrival.recheckAfter] {
            result.plan.recheck(after: after)
        }
        result.plan.hashrings = hashrings.report(arrival)
        result.plan.keeps = receivers.keeps
        result.plan.annotations = arrival.annotations
        result.plan.fileReaders = arrival.readers
        result.status = hashrings.status
        arrival.add(to: &result.status)
        return result
    }
}
