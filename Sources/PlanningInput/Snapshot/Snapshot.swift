public import Kube
public import PrometheusConfig
public import Receivers
public import TributaryAPI

/// Everything that planning reads: the custom resources, and what was observed in the cluster or read from files.
///
/// A plan is a function of a snapshot and nothing else: the same snapshot gives the same plan, byte for byte, whether
/// `render` prints it or `run` applies it. A snapshot changes only by ``take(_:)``, which answers with the custom resources
/// whose plans the change may alter.
public struct Snapshot: Sendable {
    /// The current time, for conditions and for the waits of hashring membership.
    public var now: Timestamp
    /// The image with the `reload` command, which runs beside a Prometheus that cannot follow its configuration itself.
    public var reloaderImage = Release.image
    /// The API group that the cluster has monitors in, for messages.
    public var monitorGroup = MonitorGroup.standard

    public internal(set) var globalViews = BoxedTable<GlobalView>()
    public internal(set) var tenants = BoxedTable<Tenant>()
    public internal(set) var agents = BoxedTable<PrometheusAgent>()

    /// The StatefulSets of receivers.
    public internal(set) var receiverSets: [ObjectKey: ReceiverSet] = [:]
    /// The pods of those StatefulSets, by StatefulSet.
    public internal(set) var receiverPods: [ObjectKey: [ObjectKey: ReceiverPod]] = [:]
    /// The pods of routers.
    public internal(set) var routerPods: [ObjectKey: RouterPod] = [:]
    /// The availability zones of nodes and endpoints.
    public internal(set) var zones = ObservedZones()
    /// The watches that hashrings need and that the API server forbids.
    public internal(set) var forbiddenWatches: Set<ReceiverScope> = []

    /// The published hashring files, by ConfigMap.
    public internal(set) var published: [ObjectKey: PublishedHashrings] = [:]
    /// The published limits files, by ConfigMap.
    public internal(set) var publishedLimits: [ObjectKey: PublishedLimits] = [:]
    /// The hashring file that each receiver and router has loaded, by pod; absent where the pod has not been asked or does
    /// not answer.
    public internal(set) var loadedHashrings: [ObjectKey: LoadedHashring] = [:]
    /// Why receivers do not have the published file or do not say which file they have, by pod.
    public internal(set) var receiverTrouble: [ObjectKey: ReceiverTrouble] = [:]

    /// The monitors, and what decides which jobs they make.
    public internal(set) var monitoring: Monitoring
    /// The Secrets and ConfigMaps that each newest plan of an agent or a central Prometheus read.
    public internal(set) var credentialSources: [PlanKey: Set<CredentialSource>] = [:]
    /// The central Prometheus servers, as the agents that would scrape the same, by view.
    var viewScrapers: [ObjectKey: PrometheusAgent] = [:]

    /// The valid credentials of tenants, by tenant: of the Secrets that the Tenants name, else of those that Tributary has
    /// made. Only ``take(_:)`` changes them.
    package internal(set) var credentials: [ObjectKey: [CredentialPurpose: TenantCredential]] = [:]
    /// The random bytes that new credentials are made from; nil where none can be made, as in `render`.
    public var entropy: [UInt8]?

    /// Whether the API server serves each kind that not every cluster has, as far as it is known.
    var servedKinds: [Resource: Bool] = [:]

    /// What is known of each view's Grafana.
    package internal(set) var grafana: [ObjectKey: GrafanaObserved] = [:]

    /// The progress of the workloads that Tributary created; empty without a cluster.
    public internal(set) var workloads: [WorkloadKey: Workload] = [:]
    /// Why pods of those workloads are not ready.
    package internal(set) var podTroubles: [PodGroup: [ObjectKey: PodTrouble]] = [:]
    /// Since when pods of central Prometheus servers have been ready.
    var readyPods: [PodGroup: [ObjectKey: Timestamp]] = [:]
    /// The number of Secrets that each agent's published configuration is split into, by the Secret that names them.
    public internal(set) var configParts: [ObjectKey: Int] = [:]
    /// The workloads of draining shards that have nothing left to send.
    public internal(set) var drained: Set<ObjectKey> = []
    /// Why draining shards do not say what they have left to send, by workload.
    public internal(set) var silentDrains: [ObjectKey: String] = [:]
    /// Whether pods of agents are asked what they send, and query APIs of views what they get. If not, statuses do not
    /// mention it.
    public var watchesDelivery = false
    /// What the pods of Compactors said, by view.
    package internal(set) var compactors: [ObjectKey: [ObjectKey: CompactorState]] = [:]
    /// What pods of agents were found to send, by agent.
    package internal(set) var deliveries: [ObjectKey: [ObjectKey: PodDelivery]] = [:]
    /// What each view's query API has said about the series of tenants.
    package internal(set) var series: [ObjectKey: ViewSeries] = [:]
    /// The names of the jobs that have had no targets for some time on any pod of an agent, by agent; absent where that is
    /// not known yet.
    package internal(set) var idleJobs: [ObjectKey: Set<String>] = [:]

    /// Whether it is known which PrometheusRules there are, as far as the next plan asks.
    public var ruleKnowledge = RuleKnowledge.known
    /// Which PrometheusRules global views and tenants select; none of those that select none.
    package internal(set) var ruleSelections: [PlanKey: RuleSelection] = [:]

    var tenantIndex = TenantIndex()
    /// The first error in each GlobalView's specification. Found once, since every tenant's plan reads it.
    var viewErrors: [ObjectKey: FieldError] = [:]
    var credentialTable = CredentialTable()
    /// The agents that send to each tenant.
    var agentsByTenant: [ObjectKey: Set<ObjectKey>] = [:]
    /// The global views that pull from servers of each tenant.
    var viewsPullingFor: [ObjectKey: Set<ObjectKey>] = [:]

    /// An empty snapshot of a cluster, or of some namespaces of it alone.
    public init(
        now: Timestamp, watched: WatchedNamespaces = .all, credentials: Monitoring.CredentialLookup = .complete
    ) {
        self.now = now
        monitoring = Monitoring(watched: watched, lookup: credentials)
    }

    /// Every custom resource: global views first, then tenants, then agents, each sorted by namespace and name.
    public var planKeys: [PlanKey] {
        globalViews.keys.sorted().map(PlanKey.globalView) + tenants.keys.sorted().map(PlanKey.tenant)
            + agents.keys.sorted().map(PlanKey.agent)
    }
}
