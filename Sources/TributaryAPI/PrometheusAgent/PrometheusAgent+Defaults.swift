public import Kube

extension PrometheusAgent {
    /// The workload that runs the pods.
    public var mode: AgentMode { spec.mode.flatMap(AgentMode.init) ?? .statefulSet }
    /// Whether each pod scrapes only targets on its own node.
    public var isNodeLocal: Bool { mode == .daemonSet }
    /// Whether each shard has a PodDisruptionBudget. Defaults to true if there are several replicas.
    public var hasDisruptionBudget: Bool {
        mode != .daemonSet && (spec.podDisruptionBudget?.enabled ?? (replicas > 1))
    }
}

// MARK: - Defaults

extension PrometheusAgent {
    /// The name of the remote-write entry that `tenantRef` adds.
    public static let tenantRemoteWriteName = "tenant"

    /// The tenant from which the agent takes the label, the URL and the header; nil without `tenantRef`.
    public var tenantKey: ObjectKey? {
        spec.tenantRef.map {
            ObjectKey(namespace: $0.namespace ?? metadata.namespace ?? "default", name: $0.name)
        }
    }

    /// The version of Prometheus.
    public var version: String { spec.version ?? DefaultImage.prometheus.version }
    /// The image of Prometheus.
    public var image: String { spec.image ?? DefaultImage.prometheus.name(version: version) }
    /// The valid numbers of replicas.
    static let replicaRange = 0...10
    /// The valid numbers of shards.
    static let shardRange = 1...100
    /// The number of pods that scrape the same targets.
    ///
    /// It is within its bounds even if the object is invalid, since the status reports it.
    public var replicas: Int { (spec.replicas ?? 1).clamped(to: Self.replicaRange) }
    /// The number of shards over which the targets are distributed, within its bounds like ``replicas``.
    public var shards: Int { (spec.shards ?? 1).clamped(to: Self.shardRange) }
    /// The interval between scrapes, for targets without one of their own, as a Prometheus duration.
    public var scrapeInterval: String { spec.scrapeInterval ?? "30s" }
    /// The external label that tells replicas apart; nil if the agent adds none.
    public var replicaLabel: String? { (spec.replicaExternalLabelName ?? "__replica__").nilIfEmpty }
    /// The external label that holds the namespace and the name of the agent; nil if the agent adds none.
    public var agentLabel: String? { spec.prometheusExternalLabelName?.nilIfEmpty }
    /// Whether the operator leaves everything that belongs to this agent unchanged.
    public var isPaused: Bool { spec.paused ?? false }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
