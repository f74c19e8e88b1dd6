public import Kube

/// The desired state of an agent. Fields are named as in prometheus-operator's PrometheusAgent.
public struct PrometheusAgentSpec: Sendable, Hashable, Codable {
    /// The version of Prometheus.
    public var version: String?
    /// The image of Prometheus.
    public var image: String?
    /// The number of pods that scrape the same targets.
    public var replicas: Int?
    /// The number of shards over which the targets are distributed.
    public var shards: Int?
    /// The tenant from which the agent takes the label, the URL and the header, if the Tenant is in the same cluster.
    public var tenantRef: NamespacedReference?
    /// Labels to add to every series that is sent, such as the cluster.
    public var externalLabels: [String: String]?
    /// The external label that holds the name of the pod and so tells replicas apart.
    public var replicaExternalLabelName: String?
    /// The external label that holds the namespace and the name of the agent.
    public var prometheusExternalLabelName: String?
    /// The interval between scrapes, for targets without one of their own.
    public var scrapeInterval: String?
    /// The timeout of a scrape, for targets without one of their own.
    public var scrapeTimeout: String?
    /// Selects the ServiceMonitors to scrape.
    public var serviceMonitorSelector: LabelSelector?
    /// Selects the namespaces in which to look for ServiceMonitors.
    public var serviceMonitorNamespaceSelector: LabelSelector?
    /// Selects the PodMonitors to scrape.
    public var podMonitorSelector: LabelSelector?
    /// Selects the namespaces in which to look for PodMonitors.
    public var podMonitorNamespaceSelector: LabelSelector?
    /// Selects the Probes to scrape.
    public var probeSelector: LabelSelector?
    /// Selects the namespaces in which to look for Probes.
    public var probeNamespaceSelector: LabelSelector?
    /// Selects the ScrapeConfigs to scrape.
    public var scrapeConfigSelector: LabelSelector?
    /// Selects the namespaces in which to look for ScrapeConfigs.
    public var scrapeConfigNamespaceSelector: LabelSelector?
    /// Scrape classes: settings that monitors can select by name.
    public var scrapeClasses: [ScrapeClassSpec]?
    /// Pod labels that the targets of every PodMonitor and ServiceMonitor get.
    public var podTargetLabels: [String]?
    /// The objects from which to discover the endpoints of Services.
    public var serviceDiscoveryRole: String?
    /// The API server through which to discover targets.
    public var apiserverConfig: APIServerConfig?
    /// Whether to treat honorLabels as false in all monitors, so that targets cannot set the labels that identify them.
    public var overrideHonorLabels: Bool?
    /// Whether to treat honorTimestamps as false in all monitors.
    public var overrideHonorTimestamps: Bool?
    /// Whether to ignore the namespace selectors of monitors, so that each discovers targets only in its own namespace.
    public var ignoreNamespaceSelectors: Bool?
    /// Whether monitors may refer to files in the pod of the agent.
    public var arbitraryFSAccessThroughSMs: ArbitraryFSAccess?
    /// The label that holds the namespace of the monitor on all series that it scrapes.
    public var enforcedNamespaceLabel: String?
    /// Monitors whose targets do not get the label that enforcedNamespaceLabel names.
    public var excludedFromEnforcement: [EnforcementExclusion]?
    /// The maximum number of samples in a scrape, whatever monitors set.
    public var enforcedSampleLimit: Int64?
    /// The maximum number of targets of a monitor, whatever monitors set.
    public var enforcedTargetLimit: Int64?
    /// The maximum number of labels of a sample, whatever monitors set.
    public var enforcedLabelLimit: Int64?
    /// The maximum length of a label name, whatever monitors set.
    public var enforcedLabelNameLengthLimit: Int64?
    /// The maximum length of a label value, whatever monitors set.
    public var enforcedLabelValueLengthLimit: Int64?
    /// The number of dropped targets of each monitor that Prometheus keeps in memory, whatever monitors set.
    public var enforcedKeepDroppedTargets: Int64?
    /// The maximum size of a response, such as 50MB, even if monitors set a higher limit.
    public var enforcedBodySizeLimit: String?
    /// Scrape configurations in the format of Prometheus, with its field names.
    public var scrapeConfigs: [JSON]?
    /// The Secret key with additional scrape configurations: a YAML list in the format of Prometheus.
    public var additionalScrapeConfigs: KeySelector?
    /// The endpoints to send samples to.
    public var remoteWrite: [RemoteWriteSpec]?
    /// The tenants to write for.
    public var tenantRefs: [TenantShare]?
    /// The label of a series that holds its namespace and, with tenantRefs, determines its tenant.
    public var tenantNamespaceLabel: String?
    /// The formats in which to request metrics, in order of preference.
    public var scrapeProtocols: [String]?
    /// The maximum size of a response, such as 10MB, for jobs without a limit of their own.
    public var bodySizeLimit: String?
    /// The maximum number of samples in a scrape, for jobs without a limit of their own.
    public var sampleLimit: Int64?
    /// The maximum number of targets of a job, for jobs without a limit of their own.
    public var targetLimit: Int64?
    /// The maximum number of labels of a sample, for jobs without a limit of their own.
    public var labelLimit: Int64?
    /// The maximum length of a label name in bytes, for jobs without a limit of their own.
    public var labelNameLengthLimit: Int64?
    /// The maximum length of a label value in bytes, for jobs without a limit of their own.
    public var labelValueLengthLimit: Int64?
    /// The number of dropped targets of each job that Prometheus keeps in memory; 0 means all.
    public var keepDroppedTargets: Int64?
    /// The file to which Prometheus logs failed scrapes.
    public var scrapeFailureLogFile: String?
    /// Which names metrics and labels may have.
    public var nameValidationScheme: String?
    /// How Prometheus asks targets to escape names that are not legacy names.
    public var nameEscapingScheme: String?
    /// Whether to convert classic histograms to native histograms with custom buckets.
    public var convertClassicHistogramsToNHCB: Bool?
    /// Whether to scrape native histograms.
    public var scrapeNativeHistograms: Bool?
    /// Whether to scrape classic histograms that are also exposed as native histograms.
    public var scrapeClassicHistograms: Bool?
    /// Feature flags of Prometheus to enable, such as exemplar-storage.
    public var enableFeatures: [String]?
    /// Whether the agent receives metrics over OTLP.
    public var enableOTLPReceiver: Bool?
    /// Settings of the Go runtime.
    public var runtime: RuntimeConfig?
    /// Settings of the local storage, which holds samples until they are sent.
    public var tsdb: TSDBSpec?
    /// How to translate metrics that are received over OTLP.
    public var otlp: OTLPConfig?
    /// The endpoint to which the agent sends traces of itself.
    public var tracingConfig: TracingConfig?

    /// The workload that runs the pods: StatefulSet, Deployment or DaemonSet.
    public var mode: String?
    /// Where the write-ahead log is stored.
    public var storage: AgentStorageSpec?
    /// What happens to PersistentVolumeClaims that are no longer needed.
    public var persistentVolumeClaimRetentionPolicy: ClaimRetention?
    /// How long a shard that is removed may continue to send what it holds; 0s removes it immediately.
    public var drainTimeout: String?
    /// The PodDisruptionBudget of each shard, which keeps node drains from evicting all of its replicas.
    public var podDisruptionBudget: DisruptionBudgetSpec?
    /// The compute resources of the Prometheus container.
    public var resources: ResourceRequirements?
    /// The labels that a node must have for pods to run on it.
    public var nodeSelector: [String: String]?
    /// The tolerations of the pods.
    public var tolerations: [Toleration]?
    /// The affinity of the pods, as in a pod.
    public var affinity: JSON?
    /// How pods are spread over zones and nodes.
    public var topologySpreadConstraints: [JSON]?
    /// The ServiceAccount of the pods.
    public var serviceAccountName: String?
    /// Whether pods get a token for the API server.
    public var automountServiceAccountToken: Bool?
    /// Labels and annotations of the pods.
    public var podMetadata: PodMetadata?
    /// When to pull the image.
    public var imagePullPolicy: String?
    /// The Secrets with credentials to pull images.
    public var imagePullSecrets: [LocalReference]?
    /// The image with the reload command.
    public var reloaderImage: String?
    /// Additional containers, merged by name as with kubectl patch.
    public var containers: [JSON]?
    /// Additional init containers, merged by name as with kubectl patch.
    public var initContainers: [JSON]?
    /// Additional volumes of the pods.
    public var volumes: [JSON]?
    /// Additional volume mounts of the Prometheus container.
    public var volumeMounts: [JSON]?
    /// Secrets to mount below /etc/prometheus/secrets.
    public var secrets: [String]?
    /// ConfigMaps to mount below /etc/prometheus/configmaps.
    public var configMaps: [String]?
    /// The security context of the pods.
    public var securityContext: JSON?
    /// The priority class of the pods.
    public var priorityClassName: String?
    /// How long, in seconds, pods may take to terminate.
    public var terminationGracePeriodSeconds: Int64?
    /// How long, in seconds, a pod must be ready before it counts as available.
    public var minReadySeconds: Int?
    /// Whether the pods of a StatefulSet start one after the other or in parallel.
    public var podManagementPolicy: String?
    /// How pods are replaced, as in a StatefulSet, Deployment or DaemonSet.
    public var updateStrategy: JSON?
    /// Whether pods use the network of their node.
    public var hostNetwork: Bool?
    /// Host names to resolve without DNS.
    public var hostAliases: [HostAlias]?
    /// How pods resolve names.
    public var dnsPolicy: String?
    /// Additional DNS parameters, as in a pod.
    public var dnsConfig: JSON?
    /// Whether to pass the addresses of Services to pods as environment variables.
    public var enableServiceLinks: Bool?
    /// How long, in seconds, Prometheus may take to start, including the replay of its write-ahead log.
    public var maximumStartupDurationSeconds: Int?
    /// Whether Prometheus listens only on the loopback interface, for a container in the same pod.
    public var listenLocal: Bool?
    /// The name of the port of Prometheus.
    public var portName: String?
    /// The URL under which users reach Prometheus.
    public var externalUrl: String?
    /// The path prefix under which Prometheus serves HTTP.
    public var routePrefix: String?
    /// Whether Prometheus compresses its write-ahead log.
    public var walCompression: Bool?
    /// Additional arguments of Prometheus.
    public var additionalArgs: [AdditionalArgument]?
    /// The web server of Prometheus.
    public var web: AgentWebSpec?
    /// The log level of Prometheus.
    public var logLevel: String?
    /// The log format of Prometheus.
    public var logFormat: String?
    /// Whether the operator leaves everything that belongs to this agent unchanged.
    public var paused: Bool?
}
