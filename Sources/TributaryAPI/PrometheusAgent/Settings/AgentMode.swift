/// The workload that runs the pods of an agent.
public enum AgentMode: String, Sendable, Hashable {
    case statefulSet = "StatefulSet"
    case deployment = "Deployment"
    case daemonSet = "DaemonSet"
}
