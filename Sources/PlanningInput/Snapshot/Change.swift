public import Kube
public import PrometheusConfig
public import Receivers
public import TributaryAPI

/// One thing that is new about a cluster. A nil value means that the object is gone.
public enum Change: Sendable {
    case globalView(ObjectKey, Boxed<GlobalView>?)
    case tenant(ObjectKey, Boxed<Tenant>?)
    case agent(ObjectKey, Boxed<PrometheusAgent>?)

    /// A StatefulSet of receivers.
    case receiverSet(ObjectKey, ReceiverSet?)
    /// A pod of a StatefulSet of receivers.
    case receiverPod(ObjectKey, ReceiverPod?, of: ObjectKey)
    case routerPod(ObjectKey, RouterPod?)
    /// Whether the API server serves a kind that not every cluster has.
    case kind(Resource, isServed: Bool)
    /// The value of a node's label that zones are read from.
    case nodeZone(String?, node: String, label: String)
    /// An EndpointSlice of a Service that zones are read from.
    case endpointZones(ObjectKey, EndpointZones?, service: String)
    /// Whether the API server forbids a watch that hashrings need.
    case watch(ReceiverScope, isForbidden: Bool)

    /// The hashring file that a ConfigMap publishes.
    case hashrings(ObjectKey, PublishedHashrings?)
    /// The limits file that a ConfigMap publishes.
    case limits(ObjectKey, PublishedLimits?)
    /// What a receiver's or router's pod answered when it was asked for its hashring file.
    case loadedHashring(ObjectKey, LoadedHashringAnswer, at: Timestamp)

    /// The progress of a workload that Tributary created for a custom resource.
    case workload(WorkloadKey, Workload?, of: PlanKey?)
    /// Why a pod of such a workload is not ready; nil if it is ready or gone.
    case podTrouble(ObjectKey, PodTrouble?, in: PodGroup)
    /// Since when a pod of a central Prometheus has been ready; nil if it is not, or gone.
    case readyPod(ObjectKey, since: Timestamp?, in: PodGroup)
    /// The number of Secrets that a configuration is split into, by the Secret that names them.
    case configParts(ObjectKey, Int?, of: PlanKey?)
    /// What a draining shard of an agent answered, by its workload.
    case drain(ObjectKey, DrainAnswer, of: PlanKey)
    /// What a pod of an agent was found to send; nil if nothing is known, for example since the pod is gone.
    case delivery(ObjectKey, PodDelivery?, of: ObjectKey)
    /// What is new about the series of a view's tenants.
    case series(ObjectKey, SeriesFinding)
    /// The jobs of an agent that have had no targets for some time on any of its pods.
    case idleJobs(Set<String>, of: ObjectKey)
    /// What the pod of a view's Compactor said; nil if nothing is known, for example since the pod is gone.
    case compactor(ObjectKey, CompactorState?, of: ObjectKey)

    /// The organizations in a view's Grafana that a ConfigMap records.
    case grafanaRecord(GrafanaRecord)
    /// What was found out about a view's Grafana.
    case grafana(ObjectKey, GrafanaFinding)

    case monitor(MonitorKind, ObjectKey, ObservedMonitor?)
    /// Whether the API server serves a kind of monitors.
    case monitorKind(MonitorKind, isServed: Bool)
    /// The labels of a namespace.
    case namespace(String, labels: [String: String]?)
    /// The content of a Secret or ConfigMap, or that there is none.
    case credential(CredentialSource, CredentialContent?)
    /// A Secret or ConfigMap is no longer watched, so that nothing is known about it.
    case unwatchedCredential(CredentialSource)
    /// The Secret that Tributary has made for a credential of a tenant.
    case tenantCredential(ObjectKey, CredentialPurpose, TenantCredential?)
}

extension Snapshot {
    /// Takes in a change and returns the custom resources whose plans it may alter: those of the change itself, and those
    /// that read what has changed. Each kind of change is handled beside what plans read of it.
    @discardableResult
    public mutating func take(_ change: Change) -> Set<PlanKey> {
        switch change {
        case .globalView(let key, let view): takeGlobalView(view, key)
        case .tenant(let key, let tenant): takeTenant(tenant, key)
        case .agent(let key, let agent): takeAgent(agent, key)
        case .receiverSet(let key, let set): takeReceiverSet(set, key)
        case .receiverPod(let key, let pod, let set): takeReceiverPod(pod, key, of: set)
        case .routerPod(let key, let pod): takeRouterPod(pod, key)
        case .kind(let resource, let isServed): takeKind(resource, isServed: isServed)
        case .nodeZone(let zone, let node, let label): takeZone(zone, ofNode: node, label)
        case .endpointZones(let key, let zones, let service): takeZones(zones, key, of: service)
        case .watch(let scope, let isForbidden): takeWatch(scope, isForbidden: isForbidden)
        case .hashrings(let key, let file): takeHashrings(file, key)
        case .limits(let key, let file): takeLimits(file, key)
        case .loadedHashring(let pod, let answer, let time): takeLoadedHashring(answer, of: pod, at: time)
        case .workload(let key, let workload, let owner): takeWorkload(workload, key, of: owner)
        case .podTrouble(let pod, let trouble, let group): takePodTrouble(trouble, of: pod, in: group)
        case .readyPod(let pod, let since, let group): takeReadyPod(pod, since: since, in: group)
        case .configParts(let key, let parts, let owner): takeConfigParts(parts, key, of: owner)
        case .drain(let workload, let answer, let agent): takeDrain(answer, of: workload, agent)
        case .delivery(let pod, let delivery, let agent): takeDelivery(delivery, of: pod, agent)
        case .series(let view, let finding): takeSeries(finding, of: view)
        case .idleJobs(let jobs, let agent): takeIdleJobs(jobs, agent)
        case .compactor(let pod, let state, let view): takeCompactor(state, of: pod, view)
        case .grafanaRecord(let record): takeGrafanaRecord(record)
        case .grafana(let view, let finding): takeGrafana(finding, of: view)
        case .monitor(let kind, let key, let monitor): takeMonitor(monitor, kind, key)
        case .monitorKind(let kind, let isServed): takeMonitorKind(kind, isServed: isServed)
        case .namespace(let name, let labels): takeNamespace(name, labels)
        case .credential(let source, let content): takeCredential(content, source)
        case .unwatchedCredential(let source): takeUnwatchedCredential(source)
        case .tenantCredential(let tenant, let purpose, let credential):
            takeTenantCredential(credential, purpose, of: tenant)
        }
    }
}
