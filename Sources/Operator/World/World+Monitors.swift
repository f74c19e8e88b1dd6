import Kube
import Planning
import PrometheusConfig

extension World {
    /// Takes in a monitor; returns the agents that select it or did.
    func set(
        _ new: ObservedMonitor?, was old: ObservedMonitor?, _ kind: MonitorKind, for key: ObjectKey
    ) -> [PlanKey] {
        change { snapshot in
            snapshot.monitoring.set(new, kind, for: key)
            return Set([old, new].compactMap { $0 }.flatMap { snapshot.agents(selecting: $0) }).map(PlanKey.agent)
        }
    }

    /// Forgets monitors, all at once; returns the agents that select any.
    func forget(_ monitors: [ObjectKey: ObservedMonitor], _ kind: MonitorKind) -> [PlanKey] {
        change { snapshot in
            var agents: Set<ObjectKey> = []
            for (key, monitor) in monitors {
                snapshot.monitoring.set(nil, kind, for: key)
                agents.formUnion(snapshot.agents(selecting: monitor))
            }
            return agents.map(PlanKey.agent)
        }
    }

    /// Takes in whether a kind of monitors is served.
    func set(isServed: Bool, _ kind: MonitorKind) {
        change { snapshot in
            if isServed {
                snapshot.monitoring.unserved.remove(kind)
            } else {
                snapshot.monitoring.unserved.insert(kind)
            }
        }
    }

    /// Takes in a namespace's labels; returns the agents that select namespaces by them.
    func set(labels: [String: String]?, ofNamespace name: String) -> [PlanKey] {
        change { snapshot in
            snapshot.monitoring.set(labels: labels, ofNamespace: name)
            return snapshot.agentsSelectingNamespaces().map(PlanKey.agent)
        }
    }

    /// Takes in what a Secret or ConfigMap holds, or that there is none.
    func set(_ content: CredentialContent?, for source: CredentialSource) {
        change { $0.monitoring.set(content, for: source) }
    }

    /// Forgets a Secret or ConfigMap.
    func forget(_ source: CredentialSource) { change { $0.monitoring.forget(source) } }
}
