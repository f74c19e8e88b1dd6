/// What an agent's pods are part of.
public enum AgentMode: String, Sendable, Hashable {
    case statefulSet = "StatefulSet"
    case deployment = "Deployment"
    case daemonSet = "DaemonSet"
}

extension PrometheusAgent {
    /// What the pods are part of.
    public var mode: AgentMode { spec.mode.flatMap(AgentMode.init) ?? .statefulSet }
    /// Whether each pod scrapes what is on its node.
    public var isNodeLocal: Bool { mode == .daemonSet }
    /// Whether there is a PodDisruptionBudget for each shard.
    public var hasDisruptionBudget: Bool {
        mode != .daemonSet && (spec.podDisruptionBudget?.enabled ?? (replicas > 1))
    }
}
