import Kube

/// A central Prometheus that receives the remote writes of agents.
public struct PrometheusSpec: Sendable, Hashable, Codable {
    /// The version of Prometheus.
    public var version: String?
    /// The image of Prometheus.
    public var image: String?
    /// The number of Prometheus pods, each of which stores all series.
    public var replicas: Int?
    /// How long writes through the gateway wait for a replica that is down, before they go on without it.
    public var replicaPatience: String?
    /// How long Prometheus keeps series.
    public var retention: String?
    /// The volume of each pod, which stores the series.
    public var storage: StorageSpec?
    /// The compute resources of the Prometheus container.
    public var resources: ResourceRequirements?
    /// How the label of a tenant gets onto what it writes through the gateway.
    public var writeIsolation: String?
    /// The compute resources of each pod of the relay.
    public var relayResources: ResourceRequirements?
    /// How much older than the newest sample of its series a sample can be.
    public var outOfOrderTimeWindow: String?
    /// The largest size of the stored series.
    public var retentionSize: String?
    /// Labels to add to series that leave the server.
    public var externalLabels: [String: String]?
    /// Feature flags of Prometheus to enable.
    public var enableFeatures: [String]?

    // What it scrapes in its own cluster: the fields of an agent, see PrometheusAgentSpec.

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
    public var scrapeClasses: [ScrapeClassSpec]?
    public var podTargetLabels: [String]?
    public var apiserverConfig: APIServerConfig?
    public var serviceDiscoveryRole: String?
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

    // The pods and the workload that runs them: the fields of an agent, too.

    public var persistentVolumeClaimRetentionPolicy: ClaimRetention?
    public var podDisruptionBudget: DisruptionBudgetSpec?
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
    public var hostAliases: [HostAlias]?
    public var dnsPolicy: String?
    public var dnsConfig: JSON?
    public var enableServiceLinks: Bool?
    public var maximumStartupDurationSeconds: Int?
    public var externalUrl: String?
    public var walCompression: Bool?
    public var additionalArgs: [AdditionalArgument]?
    public var logLevel: String?
    public var logFormat: String?
    /// The web server.
    public var web: CentralWebSpec?
    /// Where alerts are sent.
    public var alerting: AlertingSpec?
    /// Whether Prometheus servers elsewhere can pull through the gateway.
    public var servesFederate: Bool?
    /// Prometheus servers that cannot push.
    public var federate: [FederationSpec]?
    /// Prometheus servers and other stores that Prometheus reads at query time.
    public var remoteRead: [RemoteReadSpec]?

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        web?.checkRules(at: path.appending("web"), &errors)
        alerting?.checkRules(at: path.appending("alerting"), &errors)
        for (name, selector) in selectors { errors.check(selector, LabelSelector.rules, at: path.appending(name)) }
        apiserverConfig?.checkRules(at: path.appending("apiserverConfig"), &errors)
        for (index, scrapeClass) in (scrapeClasses ?? []).enumerated() {
            scrapeClass.checkRules(at: path.appending("scrapeClasses").appending(index), &errors)
        }
        for (index, spoke) in (federate ?? []).enumerated() {
            let path = path.appending("federate").appending(index)
            errors.check(spoke, FederationSpec.rules, at: path)
            spoke.tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
        }
        for (index, spoke) in (remoteRead ?? []).enumerated() {
            let path = path.appending("remoteRead").appending(index)
            errors.check(spoke, RemoteReadSpec.rules, at: path)
            spoke.tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
        }
    }

    /// All label selectors, by their fields.
    private var selectors: [(field: String, selector: LabelSelector?)] {
        [
            ("serviceMonitorSelector", serviceMonitorSelector),
            ("serviceMonitorNamespaceSelector", serviceMonitorNamespaceSelector),
            ("podMonitorSelector", podMonitorSelector), ("podMonitorNamespaceSelector", podMonitorNamespaceSelector),
            ("probeSelector", probeSelector), ("probeNamespaceSelector", probeNamespaceSelector),
            ("scrapeConfigSelector", scrapeConfigSelector),
            ("scrapeConfigNamespaceSelector", scrapeConfigNamespaceSelector),
        ]
    }
}
