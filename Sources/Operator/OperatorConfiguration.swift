public import Kube
public import KubeRuntime
public import Observability
public import PlanningInput
public import PrometheusConfig

/// How the operator runs: what its command line says.
public struct OperatorConfiguration: Sendable {
    /// The namespaces that it watches.
    public var namespaces = WatchedNamespaces.all
    /// How many custom resources are reconciled at once.
    public var workers = 8
    /// Where `/metrics`, `/healthz` and `/readyz` are served; nil serves none.
    public var observabilityAddress: BindAddress?
    /// Whether a page that shows what stands where is served beside them.
    public var servesPage = false
    /// Whether `/debug/state` is served beside them.
    public var servesDebug = false
    /// The lease to hold before anything is written; nil writes at once, for a single process. That of a shard is next to it.
    public var lease: ObjectKey?
    /// How long the lease lasts, and how often it is renewed.
    public var leaseTiming = ElectorTiming()
    /// The namespaces of this process among others that share the work. More than one shard needs a lease.
    public var shard = NamespaceShard.all
    /// The identity of this process, such as the pod's name.
    public var identity = "tributary"

    /// Whether pods are annotated when what they mount has changed, so that their kubelets update the volumes at once.
    public var annotatesPods = true
    /// How often each pod of an agent is asked whether what it scrapes arrives; nil if pods are not asked.
    public var deliveryInterval: Duration? = .seconds(60)

    /// The API group of the monitors that agents select.
    public var monitorGroup = MonitorGroup.standard

    /// The image with the reload command, for agents that need it and name none; if nil, the image of ``pod``.
    public var reloaderImage: String?
    /// The pod that this process runs in; nil outside of a cluster.
    public var pod: ObjectKey?

    /// The defaults: all namespaces, 8 at once, no server, no lease.
    public init() {}
}
