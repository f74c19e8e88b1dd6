import PlanningInput
import TributaryAPI

/// The kinds of backends.
enum ViewBackends {
    private static let kinds: [any GatewayBackend.Type] = [
        ThanosBackend.self, PrometheusBackend.self, ExternalBackend.self,
    ]

    /// The backend of a view; nil if the view names none.
    static func backend(of view: GlobalView, in snapshot: Snapshot) -> (any GatewayBackend)? {
        for kind in kinds {
            if let backend = kind.init(view, in: snapshot) { return backend }
        }
        return nil
    }

    /// Why a tenant is not served; nil if it is served.
    static func problem(of tenant: Tenant, in snapshot: Snapshot) -> Diagnostic? {
        TenantAdmission(snapshot: snapshot) { tenant, view in backend(of: view, in: snapshot)?.refusal(of: tenant) }
            .problem(of: tenant)
    }
}
