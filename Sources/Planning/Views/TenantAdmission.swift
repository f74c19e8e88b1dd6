import Kube
import PlanningInput
import TributaryAPI

/// Decides whether a tenant is served: it is valid, its global view is, its id is its own, and the backend can serve
/// it.
struct TenantAdmission {
    let snapshot: Snapshot
    /// Why the view's backend cannot serve a tenant; nil if it can.
    let refusal: (Tenant, GlobalView) -> Diagnostic?

    /// Why a tenant is not served; nil if it is.
    func problem(of tenant: Tenant) -> Diagnostic? {
        let about = PlanKey.tenant(tenant.metadata.key)
        if let error = snapshot.specError(of: tenant) { return .invalidSpec(about, error) }
        guard let view = snapshot.globalViews[tenant.globalViewKey] else { return viewNotFound(tenant, about) }
        if let error = snapshot.specError(of: view) {
            return .error(
                about, nil, "GlobalViewInvalid",
                "GlobalView \"\(view.metadata.name)\" is invalid; fix it first: \(error)")
        }
        return problem(of: tenant, in: view)
    }

    /// Why a valid tenant is not served by a valid view; nil if it is.
    func problem(of tenant: Tenant, in view: GlobalView) -> Diagnostic? {
        let key = tenant.metadata.key
        if let holder = snapshot.holder(ofID: tenant.id, of: tenant.globalViewKey), holder != key {
            return .error(
                .tenant(key), "spec.id", "DuplicateID",
                "\"\(tenant.id)\" is already the id of Tenant \"\(holder)\"; each id belongs to one Tenant")
        }
        return refusal(tenant, view)
    }

    private func viewNotFound(_ tenant: Tenant, _ about: PlanKey) -> Diagnostic {
        let key = tenant.globalViewKey
        let known = snapshot.globalViews.keys.filter { $0.namespace == key.namespace }.map(\.name).sorted()
        let has = known.isEmpty ? "has none" : "has: \(known.listed())"
        return .error(
            about, "spec.globalViewRef.name", "GlobalViewNotFound",
            "\"\(key.name)\" is not a GlobalView of namespace \"\(key.namespace)\" (it \(has))")
    }
}
