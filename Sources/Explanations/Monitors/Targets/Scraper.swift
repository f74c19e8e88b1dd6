import Kube
import PlanningInput
import TributaryAPI

/// What selects monitors: an agent, or the central Prometheus of a global view as the agent that would scrape the same.
struct Scraper {
    let key: PlanKey
    let agent: PrometheusAgent

    /// The object as messages name it.
    var object: String {
        switch key {
        case .globalView(let key): "GlobalView \(key)"
        case .agent(let key): "PrometheusAgent \(key)"
        case .tenant(let key): "Tenant \(key)"
        }
    }

    /// The field that its settings are in.
    var spec: String { if case .globalView = key { "spec.prometheus" } else { "spec" } }

    /// All of a snapshot, agents first. A central Prometheus that asks for no monitors is none.
    static func all(in snapshot: Snapshot) -> [Scraper] {
        let all = snapshot.scrapers.map { Scraper(key: $0.key, agent: $0.agent) }
        func sorted(_ isAgent: Bool) -> [Scraper] {
            all.filter { ($0.spec == "spec") == isAgent }.sorted { $0.object < $1.object }
        }
        return sorted(true) + sorted(false).filter { !$0.agent.monitorKinds.isEmpty }
    }

    /// Whether it is paused.
    func isPaused(in snapshot: Snapshot) -> Bool {
        if case .globalView(let key) = key { return snapshot.globalViews[key]?.isPaused ?? false }
        return agent.isPaused
    }
}
