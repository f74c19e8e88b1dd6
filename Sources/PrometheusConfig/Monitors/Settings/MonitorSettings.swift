public import Kube

/// The settings of an agent that affect the jobs of its monitors, with the field names of prometheus-operator.
public struct MonitorSettings: Sendable, Hashable {
    /// The version of Prometheus that reads the jobs.
    public var version: PrometheusVersion
    /// The namespace of the agent, where the references of its scrape classes and its `apiserverConfig` are resolved.
    public var agentNamespace: String
    /// The interval of jobs without one of their own.
    public var scrapeInterval = "30s"
    /// Whether the agent is a DaemonSet, whose pods scrape targets on their own node only.
    public var isNodeLocal = false
    /// Whether `honor_labels` is false, regardless of the monitors.
    public var overrideHonorLabels = false
    /// Whether `honor_timestamps` is false, regardless of the monitors.
    public var overrideHonorTimestamps = false
    /// Whether monitors find targets in their own namespace only, regardless of their `namespaceSelector`.
    public var ignoreNamespaceSelectors = false
    /// Whether a ServiceMonitor that refers to files in the agent's pod is refused: `arbitraryFSAccessThroughSMs.deny`.
    public var deniesFileSystemAccess = false
    /// The label that is set to the namespace of the monitor, after all other rules; nil for none.
    public var enforcedNamespaceLabel: String?
    /// Whether targets of a ScrapeConfig without relabelling rules get that label, too.
    ///
    /// prometheus-operator adds it to the metrics that they expose, but not to those that Prometheus generates, such as
    /// `up`.
    public var enforcesNamespaceOnAllTargets = false
    /// The monitors whose targets do not get that label.
    public var excludedFromEnforcement: [MonitorReference] = []
    /// The upper limits of all jobs.
    public var enforced = EnforcedLimits()
    /// The labels of pods that every job copies to its targets.
    public var podTargetLabels: [String] = []
    /// The scrape classes.
    public var scrapeClasses: [ScrapeClassDefinition] = []
    /// Whether ServiceMonitors without `serviceDiscoveryRole` use EndpointSlices instead of Endpoints.
    public var prefersEndpointSlices = false
    /// The connection to the API server for discovery, `apiserverConfig`; nil for the service account of the pod.
    public var apiServer: JSON?

    /// Creates the settings of an agent with defaults only.
    public init(version: PrometheusVersion, agentNamespace: String) {
        self.version = version
        self.agentNamespace = agentNamespace
    }
}
