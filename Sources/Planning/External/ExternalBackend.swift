import PlanningInput
import TributaryAPI

/// An external service behind a global view, such as Mimir, Cortex or VictoriaMetrics. Tributary runs nothing for it.
struct ExternalBackend: ViewBackend {
    let view: GlobalView
    let spec: ExternalSpec

    init?(_ view: GlobalView, in snapshot: Snapshot) {
        guard let spec = view.spec.external else { return nil }
        self.view = view
        self.spec = spec
    }

    var direct: ViewEndpoints {
        ViewEndpoints(
            tenantLabel: view.tenantLabel, queryURL: spec.queryURL, writeURL: spec.writeURL,
            outsideWriteURL: ViewEndpoints.outside(spec.writeURL),
            tenantHeader: spec.tenantHeader, filtersRules: false, flavour: "Mimir",
            needsTenant: spec.tenantHeader != nil,
            isolatesReads: view.spec.gateway != nil && spec.tenantHeader != nil)
    }

    func plan() -> BackendPlan { BackendPlan(.ready("nothing to run for an external service")) }
}
