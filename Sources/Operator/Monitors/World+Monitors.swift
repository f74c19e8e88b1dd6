import Kube
import PlanningInput
import PrometheusConfig

extension World {
    func set(
        _ new: ObservedMonitor?, was old: ObservedMonitor?, _ kind: MonitorKind, for key: ObjectKey
    ) -> [PlanKey] {
        take(.monitor(kind, key, new))
    }

    /// Forgets monitors, all at once; returns the agents that select any.
    func forget(_ monitors: [ObjectKey: ObservedMonitor], _ kind: MonitorKind) -> [PlanKey] {
        change { snapshot in
            Array(monitors.keys.reduce(into: Set()) { $0.formUnion(snapshot.take(.monitor(kind, $1, nil))) })
        }
    }

    func set(isServed: Bool, _ kind: MonitorKind) { _ = take(.monitorKind(kind, isServed: isServed)) }

    func set(labels: [String: String]?, ofNamespace name: String) -> [PlanKey] {
        take(.namespace(name, labels: labels))
    }

    func set(_ content: CredentialContent?, for source: CredentialSource) { _ = take(.credential(source, content)) }

    func forget(_ source: CredentialSource) { _ = take(.unwatchedCredential(source)) }
}
