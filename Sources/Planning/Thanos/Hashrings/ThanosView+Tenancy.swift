import Kube
import PlanningInput
import TributaryAPI

extension ThanosView {
    /// How the components tell tenants apart.
    var tenancy: ThanosTenancy { ThanosTenancy(label: resource.tenantLabel) }

    /// Whether a querier for tenants, which finds only the series of the tenant in the header, stands beside that for
    /// operators: behind a gateway, which alone sets the header.
    var hasTenantQuery: Bool { resource.spec.gateway != nil && spec.queryReplicas > 0 && knowsTenancy }

    /// The warning about a version whose querier does not enforce the tenant; nil if none is needed.
    var tenancyFinding: Diagnostic? {
        guard resource.spec.gateway != nil, spec.queryReplicas > 0, !knowsTenancy else { return nil }
        return .warning(
            about, "spec.thanos.version", "TenancyNotEnforced",
            "the querier of Thanos \(release.version.map(String.init(describing:)) ?? "") does not enforce the tenant, so only the read proxies keep "
                + "tenants apart; v0.34.0 and later do both")
    }

    /// Whether queriers can enforce the tenant.
    private var knowsTenancy: Bool { release.takes(.query, "query.enforce-tenancy") }
}
