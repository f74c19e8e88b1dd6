import Observability
import Planning
import PlanningInput

/// Whether agents deliver, as metrics, taken from their statuses.
struct DeliveryMetrics: Sendable {
    private let delivering: Gauge
    private let behind: Gauge
    private let failed: Gauge

    init(_ registry: MetricsRegistry) {
        let labels = ["namespace", "name"]
        delivering = registry.gauge(
            "tributary_agent_delivering", help: "1 if what the agent scrapes arrives at every remote write, else 0",
            labels: labels)
        behind = registry.gauge(
            "tributary_agent_behind_seconds",
            help: "How far the agent's sending is behind its scraping, rounded down to steps", labels: labels)
        failed = registry.gauge(
            "tributary_agent_failed_samples_per_minute",
            help: "Samples of the agent that servers refuse for good, each minute, rounded down to steps",
            labels: labels)
    }

    /// Takes over an agent's newest plan.
    func update(_ plan: Plan, for key: PlanKey) {
        guard case .agent(let agent) = key else { return }
        guard let report = plan.delivery, let isDelivering = report.isDelivering else { return forget(key) }
        delivering.set(agent.namespace, agent.name, to: isDelivering ? 1 : 0)
        behind.set(agent.namespace, agent.name, to: Double(report.behind))
        failed.set(agent.namespace, agent.name, to: Double(report.failed))
    }

    /// Forgets an agent that is gone.
    func forget(_ key: PlanKey) {
        guard case .agent(let agent) = key else { return }
        for gauge in [delivering, behind, failed] { gauge.remove([agent.namespace, agent.name]) }
    }
}
