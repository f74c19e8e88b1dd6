public import Kube

/// A Prometheus in agent mode: it scrapes, and remote-writes what it scraped. Field names are prometheus-operator's.
public struct PrometheusAgent: CustomResource {
    public var metadata: ObjectMeta
    public var spec: PrometheusAgentSpec
    public var status: PrometheusAgentStatus?

    /// `prometheusagents.tributary.dev`.
    public static let resource = TributaryAPI.resource("PrometheusAgent", plural: "prometheusagents")
}

/// What is asked of an agent.
public struct PrometheusAgentSpec: Sendable, Hashable, Codable {
    public var version: String?
    public var image: String?
    public var replicas: Int?
    public var shards: Int?
    public var tenantRef: NamespacedReference?
    public var externalLabels: [String: String]?
    public var replicaExternalLabelName: String?
    public var prometheusExternalLabelName: String?
    public var scrapeInterval: String?
    public var scrapeTimeout: String?
    public var serviceMonitorSelector: LabelSelector?
    public var serviceMonitorNamespaceSelector: LabelSelector?
    public var podMonitorSelector: LabelSelector?
    public var podMonitorNamespaceSelector: LabelSelector?
    public var probeSelector: LabelSelector?
    public var probeNamespaceSelector: LabelSelector?
    public var scrapeConfigSelector: LabelSelector?
    public var scrapeConfigNamespaceSelector: LabelSelector?
    public var scrapeClasses: [ScrapeClass]?
    public var podTargetLabels: [String]?
    public var serviceDiscoveryRole: String?
    public var apiserverConfig: APIServerConfig?
    public var overrideHonorLabels: Bool?
    public var overrideHonorTimestamps: Bool?
    public var ignoreNamespaceSelectors: Bool?
    public var arbitraryFSAccessThroughSMs: ArbitraryFSAccess?
    public var enforcedNamespaceLabel: String?
    public var excludedFromEnforcement: [EnforcementExclusion]?
    public var enforcedSampleLimit: Int64?
    public var enforcedTargetLimit: Int64?
    public var enforcedLabelLimit: Int64?
    public var enforcedLabelNameLengthLimit: Int64?
    public var enforcedLabelValueLengthLimit: Int64?
    public var enforcedKeepDroppedTargets: Int64?
    public var enforcedBodySizeLimit: String?
    public var scrapeConfigs: [JSON]?
    public var additionalScrapeConfigs: KeySelector?
    public var remoteWrite: [RemoteWriteSpec]?
    public var tenantRefs: [TenantShare]?
    public var tenantNamespaceLabel: String?
    public var scrapeProtocols: [String]?
    public var bodySizeLimit: String?
    public var sampleLimit: Int64?
    public var targetLimit: Int64?
    public var labelLimit: Int64?
    public var labelNameLengthLimit: Int64?
    public var labelValueLengthLimit: Int64?
    public var keepDroppedTargets: Int64?
    public var scrapeFailureLogFile: String?
    public var nameValidationScheme: String?
    public var nameEscapingScheme: String?
    public var convertClassicHistogramsToNHCB: Bool?
    public var scrapeNativeHistograms: Bool?
    public var scrapeClassicHistograms: Bool?
    public var enableFeatures: [String]?
    public var enableOTLPReceiver: Bool?
    public var runtime: RuntimeConfig?
    public var tsdb: TSDBSpec?
    public var otlp: OTLPConfig?
    public var tracingConfig: TracingConfig?
    // What shapes the pods.
    public var mode: String?
    public var storage: AgentStorageSpec?
    public var persistentVolumeClaimRetentionPolicy: ClaimRetention?
    public var drainTimeout: String?
    public var podDisruptionBudget: DisruptionBudgetSpec?
    public var resources: ResourceRequirements?
    public var nodeSelector: [String: String]?
    public var tolerations: [Toleration]?
    public var affinity: JSON?
    public var topologySpreadConstraints: [JSON]?
    public var serviceAccountName: String?
    public var automountServiceAccountToken: Bool?
    public var podMetadata: PodMetadata?
    public var imagePullPolicy: String?
    public var imagePullSecrets: [LocalReference]?
    public var reloaderImage: String?
    public var containers: [JSON]?
    public var initContainers: [JSON]?
    public var volumes: [JSON]?
    public var volumeMounts: [JSON]?
    public var secrets: [String]?
    public var configMaps: [String]?
    public var securityContext: JSON?
    public var priorityClassName: String?
    public var terminationGracePeriodSeconds: Int64?
    public var minReadySeconds: Int?
    public var podManagementPolicy: String?
    public var updateStrategy: JSON?
    public var hostNetwork: Bool?
    public var hostAliases: [HostAlias]?
    public var dnsPolicy: String?
    public var dnsConfig: JSON?
    public var enableServiceLinks: Bool?
    public var maximumStartupDurationSeconds: Int?
    public var listenLocal: Bool?
    public var portName: String?
    public var externalUrl: String?
    public var routePrefix: String?
    public var walCompression: Bool?
    public var additionalArgs: [AdditionalArgument]?
    public var web: AgentWebSpec?
    public var logLevel: String?
    public var logFormat: String?
    public var paused: Bool?
}

/// Labels and annotations for pods.
public struct PodMetadata: Sendable, Hashable, Codable {
    public var labels: [String: String]?
    public var annotations: [String: String]?

    static let schema = Schema.object(
        [
            "labels": .strings("Labels for the pods, besides Tributary's own, which stand first.", length: 63),
            "annotations": .strings("Annotations for the pods.", length: 16384),
        ], description: "Labels and annotations for the pods.")
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
    public var version: String { spec.version ?? "v3.5.0" }
    /// Prometheus's image.
    public var image: String { spec.image ?? "quay.io/prometheus/prometheus:\(GlobalView.tag(version))" }
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

/// A monitor that is left out of an agent's configuration, and why.
public struct RejectedMonitor: Sendable, Hashable, Codable {
    public var kind: String
    public var namespace: String
    public var name: String
    public var reason: String
    public var message: String

    /// How many a status names at most.
    public static let mostInStatus = 50

    /// A monitor that is left out.
    public init(kind: String, namespace: String, name: String, reason: String, message: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.reason = reason
        self.message = message
    }

    static let listSchema = Schema.list(
        of: .object(
            [
                "kind": .text("The kind, such as ServiceMonitor.", max: 63),
                "namespace": .text("The namespace.", max: 63),
                "name": .text("The name.", max: 253),
                "reason": .text("Why, as one word in CamelCase that programs can rely on.", max: 128),
                "message": .string("Which field, what was found and what would be right, for people.").with {
                    $0.maxLength = 1024
                },
            ], required: ["kind", "namespace", "name", "reason", "message"],
            description: "A monitor that is left out, and why."),
        max: mostInStatus,
        "The first of the monitors that are left out because something is wrong with them; Events on them say the same."
    )
}

/// What the operator says of an agent.
public struct PrometheusAgentStatus: Sendable, Hashable, Codable {
    public var observedGeneration: Int64?
    public var version: String?
    public var desired: String?
    public var ready: Int?
    public var monitors: Int?
    public var rejected: Int?
    public var rejectedMonitors: [RejectedMonitor]?
    public var shards: Int?
    public var selector: String?
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is about."),
            "version": .string("The version of Prometheus that the pods run."),
            "desired": .string("How many pods are wanted: replicas times shards, such as 2x2."),
            "ready": .count("How many pods are ready."),
            "monitors": .count("How many monitors and scrape configurations are taken in."),
            "rejected": .count(
                "How many monitors and scrape configurations are left out because something is wrong with them."),
            "rejectedMonitors": RejectedMonitor.listSchema,
            "shards": .count("How many shards there are."),
            "selector": .string("The label selector of the pods, for the scale subresource."),
            "conditions": Condition.listSchema(Condition.usual),
        ], description: "What the operator says of the agent.")
}
