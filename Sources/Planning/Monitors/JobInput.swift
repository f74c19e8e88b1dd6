import Kube
import PlanningInput
import PrometheusConfig

/// What jobs are made from.
enum JobInput: Sendable {
    case monitor(ObservedMonitor)
    /// One of the agent's own `spec.scrapeConfigs`.
    case own(Int, JSON)
    /// The list in the Secret that `spec.additionalScrapeConfigs` names.
    case additional(CredentialReference)

    enum ID: Hashable {
        case monitor(MonitorKind, ObjectKey)
        case own(Int)
        case additional
    }

    var id: ID {
        switch self {
        case .monitor(let monitor): .monitor(monitor.kind, monitor.key)
        case .own(let index, _): .own(index)
        case .additional: .additional
        }
    }

    func isSame(as other: JobInput) -> Bool {
        switch (self, other) {
        case (.monitor(let left), .monitor(let right)): left.isSame(as: right)
        case (.own(let place, let left), .own(let other, let right)): place == other && left == right
        case (.additional(let left), .additional(let right)): left == right
        default: false
        }
    }
}
