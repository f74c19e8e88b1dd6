import Kube
import TributaryAPI

extension AgentMode {
    /// The resource of the workload.
    var resource: Resource {
        switch self {
        case .statefulSet: .statefulSets
        case .deployment: .deployments
        case .daemonSet: .daemonSets
        }
    }
}
