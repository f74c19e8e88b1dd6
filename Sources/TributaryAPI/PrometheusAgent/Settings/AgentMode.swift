/// What an agent's pods are part of.
public enum AgentMode: String, Sendable, Hashable {
    case statefulSet = "StatefulSet"
    case deployment = "Deployment"
    case daemonSet = "DaemonSet"
}
