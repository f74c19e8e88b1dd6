public import Kube

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

// MARK: - What holds where nothing is said

extension PrometheusAgent {
    /// The name of the remote-write entry that `tenantRef` gives.
    public static let tenantRemoteWriteName = "tenant"

    /// The tenant whose label, URL and header the agent takes on; nil where it names its remote write itself.
    public var tenantKey: ObjectKey? {
        spec.tenantRef.map {
            ObjectKey(namespace: $0.namespace ?? metadata.namespace ?? "default", name: $0.name)
        }
    }

    /// Prometheus's version.
    public var version: String { spec.version ?? DefaultImage.prometheus.version }
    /// Prometheus's image.
    public var image: String { spec.image ?? DefaultImage.prometheus.name(version: version) }
    /// How many pods scrape the same targets.
    public var replicas: Int { spec.replicas ?? 1 }
    /// Over how many StatefulSets the targets are spread.
    public var shards: Int { max(1, spec.shards ?? 1) }
    /// How often targets are scraped, where their own configuration does not say.
    public var scrapeInterval: String { spec.scrapeInterval ?? "30s" }
    /// The external label that tells replicas apart; nil for none.
    public var replicaLabel: String? { (spec.replicaExternalLabelName ?? "__replica__").nilIfEmpty }
    /// The external label that carries the agent's namespace and name; nil for none.
    public var agentLabel: String? { spec.prometheusExternalLabelName?.nilIfEmpty }
    /// Whether the operator leaves everything of this agent as it is.
    public var isPaused: Bool { spec.paused ?? false }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
