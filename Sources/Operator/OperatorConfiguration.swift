public import Kube
public import Observability
public import PrometheusConfig

/// How the operator runs: what its command line says.
public struct OperatorConfiguration: Sendable {
    /// The only namespace that it watches; nil for all.
    public var namespace: String?
    /// How many custom resources are reconciled at once.
    public var workers = 8
    /// Where `/metrics`, `/healthz` and `/readyz` are served; nil serves none.
    public var observabilityAddress: BindAddress?
    /// The lease to hold before anything is written; nil writes at once, for a single process.
    public var lease: ObjectKey?
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
