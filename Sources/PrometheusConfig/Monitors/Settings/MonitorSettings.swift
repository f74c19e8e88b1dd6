public import Kube

/// What of an agent, and of its version, shapes the jobs of its monitors. Field names are prometheus-operator's.
public struct MonitorSettings: Sendable, Hashable {
    /// The version of Prometheus that reads the jobs.
    public var version: PrometheusVersion
    /// The agent's namespace: what its scrape classes and its `apiserverConfig` refer to is looked up there.
    public var agentNamespace: String
    /// The interval of jobs that have none of their own.
    public var scrapeInterval = "30s"
    /// Whether the agent is a DaemonSet, whose pods each look at their own node only.
    public var isNodeLocal = false
    /// Whether `honor_labels` is false whatever a monitor says.
    public var overrideHonorLabels = false
    /// Whether `honor_timestamps` is false whatever a monitor says.
    public var overrideHonorTimestamps = false
    /// Whether monitors find targets in their own namespace only, whatever they say.
    public var ignoreNamespaceSelectors = false
    /// Whether a ServiceMonitor that names files of the agent's pod is refused: `arbitraryFSAccessThroughSMs.deny`.
    public var deniesFileSystemAccess = false
    /// The label that is set to the monitor's namespace last of all; nil for none.
    public var enforcedNamespaceLabel: String?
    /// Whether targets of a ScrapeConfig without relabelling rules get that label as well. prometheus-operator gives it
    /// to what they expose, but not to what Prometheus says of them, such as `up`.
    public var enforcesNamespaceOnAllTargets = false
    /// The monitors whose targets do not get that label.
    public var excludedFromEnforcement: [MonitorReference] = []
    /// The most that any job can have.
    public var enforced = EnforcedLimits()
    /// Labels of pods that every job copies to its targets.
    public var podTargetLabels: [String] = []
    /// The settings that monitors can name and share.
    public var scrapeClasses: [ScrapeClass] = []
    /// Whether ServiceMonitors find their targets by EndpointSlices rather than Endpoints, where they do not say.
    public var prefersEndpointSlices = false
    /// How the API server is reached for discovery, `apiserverConfig`; nil for the pod's own credentials.
    public var apiServer: JSON?

    /// The settings of an agent that says nothing.
    public init(version: PrometheusVersion, agentNamespace: String) {
        self.version = version
        self.agentNamespace = agentNamespace
    }
}

/// The limits that an agent sets for all of its jobs; nil and 0 are none.
public struct EnforcedLimits: Sendable, Hashable {
    /// Samples of a scrape.
    public var sample: Int?
    /// Targets of a job.
    public var target: Int?
    /// Labels of a sample.
    public var label: Int?
    /// Bytes of a label's name.
    public var labelNameLength: Int?
    /// Bytes of a label's value.
    public var labelValueLength: Int?
    /// Dropped targets that are kept in memory, of a job.
    public var keepDroppedTargets: Int?
    /// Bytes of a scrape's body, as Prometheus writes sizes: `10MB`, `1GiB`.
    public var bodySize: String?

    /// No limits.
    public init() {}
}

/// One or several monitors by name: prometheus-operator's `ObjectReference`.
public struct MonitorReference: Sendable, Hashable {
    /// The API group; `monitoring.coreos.com` by default.
    public var group: String
    /// The plural of the kind, such as `servicemonitors`.
    public var resource: String
    /// The namespace.
    public var namespace: String
    /// The name; nil for all of the namespace.
    public var name: String?

    /// A reference.
    public init(group: String = "monitoring.coreos.com", resource: String, namespace: String, name: String? = nil) {
        self.group = group
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }

    /// Whether an object is meant.
    public func matches(_ object: Object) -> Bool {
        guard let kind = MonitorKind(of: object), resource == kind.plural else { return false }
        guard group.isEmpty || group == object.group, !namespace.isEmpty, namespace == object.namespace else {
            return false
        }
        guard let name, !name.isEmpty else { return true }
        return name == object.name
    }
}

/// Settings that monitors share by naming them: prometheus-operator's `ScrapeClass`, as it stands in the agent.
public struct ScrapeClass: Sendable, Hashable {
    /// The name by which monitors ask for it.
    public var name: String
    /// Whether monitors that name no class get this one.
    public var isDefault: Bool
    /// The whole class.
    public var json: JSON

    /// Reads a class; throws ``FieldError``.
    public init(json: JSON, at path: FieldPath = FieldPath()) throws(FieldError) {
        let fields = try Fields(json, at: path)
        guard let name = try fields.text("name") else { throw FieldError(path.appending("name"), "is required") }
        self.name = name
        isDefault = try fields.bool("default") ?? false
        self.json = json
    }
}
