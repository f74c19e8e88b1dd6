import Observability
import Planning
import PlanningInput

/// The tenants that have gone silent, as a metric, taken from their statuses: others have no series, since there may be tens
/// of thousands.
struct ReceivingMetrics: Sendable {
    private let silent: Gauge

    init(_ registry: MetricsRegistry) {
        silent = registry.gauge(
            "tributary_tenant_silent", help: "1 for a tenant whose samples have arrived and no longer do",
            labels: ["namespace", "name"])
    }

    /// Takes over a tenant's newest plan.
    func update(_ plan: Plan, for key: PlanKey) {
        guard case .tenant(let tenant) = key, plan.isSilent else { return forget(key) }
        silent.set(tenant.namespace, tenant.name, to: 1)
    }

    /// Forgets a tenant that is gone.
    func forget(_ key: PlanKey) {
        guard case .tenant(let tenant) = key else { return }
        silent.remove([tenant.namespace, tenant.name])
    }
}
