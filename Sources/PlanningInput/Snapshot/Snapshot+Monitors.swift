public import Kube
import PrometheusConfig
import TributaryAPI

/// Monitors: what a change of one, or of what decides about it, concerns.
extension Snapshot {
    /// A monitor concerns the agents that select it or did.
    mutating func takeMonitor(_ new: ObservedMonitor?, _ kind: MonitorKind, _ key: ObjectKey) -> Set<PlanKey> {
        let old = monitoring.monitor(kind, key)
        monitoring.set(new, kind, for: key)
        let monitors = [old, new].compactMap(\.self)
        return concerned { agent in
            let selection = MonitorSelection(agent)
            return monitors.contains { selection.selects($0, in: monitoring) }
        }
    }

    /// Whether a kind is served concerns the agents that select monitors of that kind.
    mutating func takeMonitorKind(_ kind: MonitorKind, isServed: Bool) -> Set<PlanKey> {
        monitoring.set(isServed: isServed, kind)
        return concerned { $0.monitorKinds.contains(kind) }
    }

    /// A namespace's labels concern the agents that select namespaces by labels.
    mutating func takeNamespace(_ name: String, _ labels: [String: String]?) -> Set<PlanKey> {
        monitoring.set(labels: labels, ofNamespace: name)
        return concerned { agent in
            agent.monitorKinds.contains { agent.selectors(of: $0).namespaces?.isEmpty == false }
        }
    }

    /// A Secret or ConfigMap concerns the agents whose newest plan read it, and the tenants whose credential it holds.
    mutating func takeCredential(_ content: CredentialContent?, _ source: CredentialSource) -> Set<PlanKey> {
        monitoring.set(content, for: source)
        return agents(reading: source).union(refreshCredentials(in: source))
    }

    mutating func takeUnwatchedCredential(_ source: CredentialSource) -> Set<PlanKey> {
        monitoring.forget(source)
        return agents(reading: source).union(refreshCredentials(in: source))
    }

    /// Notes the Secrets and ConfigMaps that an agent's newest plan read; returns whether they are others than before.
    public mutating func note(_ sources: Set<CredentialSource>, readBy agent: ObjectKey) -> Bool {
        guard credentialSources[agent] ?? [] != sources else { return false }
        credentialSources[agent] = sources.isEmpty ? nil : sources
        return true
    }

    /// The agents whose newest plan read a Secret or ConfigMap.
    public func agents(reading source: CredentialSource) -> Set<PlanKey> {
        Set(credentialSources.filter { $0.value.contains(source) }.map { .agent($0.key) })
    }

    private func concerned(where isConcerned: (PrometheusAgent) -> Bool) -> Set<PlanKey> {
        Set(agents.values.lazy.filter(isConcerned).map { .agent($0.metadata.key) })
    }
}
