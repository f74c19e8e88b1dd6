import Kube
import PrometheusConfig
import TributaryAPI

/// Monitors: what a change of one, or of what decides about it, concerns.
extension Snapshot {
    /// What selects monitors: an agent, or the central Prometheus of a view as the agent that would scrape the same.
    public func scraper(_ key: PlanKey) -> PrometheusAgent? {
        switch key {
        case .agent(let key): agents[key]
        case .globalView(let key): viewScrapers[key]
        case .tenant: nil
        }
    }

    /// Everything that selects monitors.
    public var scrapers: [(key: PlanKey, agent: PrometheusAgent)] {
        agents.values.map { (.agent($0.metadata.key), $0) } + viewScrapers.map { (.globalView($0.key), $0.value) }
    }

    /// A monitor concerns what selects it or did.
    mutating func takeMonitor(_ new: ObservedMonitor?, _ kind: MonitorKind, _ key: ObjectKey) -> Set<PlanKey> {
        let old = monitoring.monitor(kind, key)
        monitoring.set(new, kind, for: key)
        let monitors = [old, new].compactMap(\.self)
        guard kind != .prometheusRule else {
            return selectors { selection in monitors.contains { selection.selects($0, in: monitoring) } }
        }
        return concerned { agent in
            let selection = MonitorSelection(agent)
            return monitors.contains { selection.selects($0, in: monitoring) }
        }
    }

    /// Whether a kind is served concerns what selects monitors of that kind.
    mutating func takeMonitorKind(_ kind: MonitorKind, isServed: Bool) -> Set<PlanKey> {
        monitoring.set(isServed: isServed, kind)
        guard kind != .prometheusRule else { return selectors { _ in true } }
        return concerned { $0.monitorKinds.contains(kind) }
    }

    /// A namespace's labels concern what selects namespaces by labels.
    mutating func takeNamespace(_ name: String, _ labels: [String: String]?) -> Set<PlanKey> {
        monitoring.set(labels: labels, ofNamespace: name)
        return concerned { agent in
            agent.monitorKinds.contains { agent.selectors(of: $0).namespaces?.isEmpty == false }
        }.union(selectors(where: \.readsLabels))
    }

    /// A Secret or ConfigMap concerns those whose newest plan read it, the tenants whose credential it holds, and the views
    /// whose object storage it describes.
    mutating func takeCredential(_ content: CredentialContent?, _ source: CredentialSource) -> Set<PlanKey> {
        monitoring.set(content, for: source)
        return plans(reading: source).union(refreshCredentials(in: source)).union(views(storingBy: source))
    }

    mutating func takeUnwatchedCredential(_ source: CredentialSource) -> Set<PlanKey> {
        monitoring.forget(source)
        return plans(reading: source).union(refreshCredentials(in: source)).union(views(storingBy: source))
    }

    /// Notes the Secrets and ConfigMaps that a newest plan read; returns whether they are others than before.
    public mutating func note(_ sources: Set<CredentialSource>, readBy key: PlanKey) -> Bool {
        guard credentialSources[key] ?? [] != sources else { return false }
        credentialSources[key] = sources.isEmpty ? nil : sources
        return true
    }

    /// The agents and views whose newest plan read a Secret or ConfigMap.
    public func plans(reading source: CredentialSource) -> Set<PlanKey> {
        Set(credentialSources.lazy.filter { $0.value.contains(source) }.map(\.key))
    }

    /// The global views and tenants that select rules in a certain way.
    private func selectors(where isConcerned: (RuleSelection) -> Bool) -> Set<PlanKey> {
        Set(ruleSelections.filter { isConcerned($0.value) }.keys)
    }

    private func concerned(where isConcerned: (PrometheusAgent) -> Bool) -> Set<PlanKey> {
        Set(scrapers.filter { isConcerned($0.agent) }.map(\.key))
    }
}
