public import Kube
public import Receivers
public import TributaryAPI

/// All that planning looks at: the custom resources, and what was observed in the cluster or read from files.
///
/// Planning is a function of this and of nothing else: the same snapshot gives the same plan, byte for byte, whether
/// `render` prints it or `run` applies it.
public struct Snapshot: Sendable {
    /// The time, for conditions and for waits that membership asks for.
    public var now: Timestamp
    public private(set) var globalViews = BoxedTable<GlobalView>()
    public private(set) var tenants = BoxedTable<Tenant>()
    public private(set) var agents = BoxedTable<PrometheusAgent>()
    /// The StatefulSets that may be adopted by hashrings.
    public var receiverSets: [ObjectKey: ReceiverSet] = [:]
    /// The pods of those StatefulSets, by StatefulSet.
    public private(set) var receiverPods: [ObjectKey: [ObjectKey: ReceiverPod]] = [:]
    /// Which availability zones receivers may be in.
    public var zones = ObservedZones()
    /// What would have to be watched for hashrings and may not be.
    public var forbiddenWatches: Set<ReceiverScope> = []
    /// The pods of routers.
    public private(set) var routerPods: [ObjectKey: RouterPod] = [:]
    /// The hashring files that are published now, by ConfigMap.
    public var published: [ObjectKey: PublishedHashrings] = [:]
    /// The limits files that are published now, by ConfigMap.
    public var publishedLimits: [ObjectKey: PublishedLimits] = [:]
    /// Which hashring file each receiver and router has loaded, by pod; absent where it has not been asked, or does not
    /// answer.
    public var loadedHashrings: [ObjectKey: LoadedHashring] = [:]
    /// Why receivers do not have the published file, or do not say which one they have.
    public var receiverTrouble: [ObjectKey: ReceiverTrouble] = [:]
    /// The monitors, and what decides what becomes of them.
    public var monitoring = Monitoring()
    /// How far the Deployments and StatefulSets that Tributary made have come; empty where there is no cluster.
    public var workloads: [WorkloadKey: Workload] = [:]
    /// The image with the reload command, which runs beside Prometheus where that cannot follow its configuration itself.
    public var reloaderImage = "tributary:0.1.0"
    /// The workloads of agents' shards that are taken away and have nothing left to send.
    public var drained: Set<ObjectKey> = []
    /// Why those that may have something left to send do not say how much.
    public var silentDrains: [ObjectKey: String] = [:]

    /// The tenants of each global view.
    private var tenantsByView: [ObjectKey: Set<ObjectKey>] = [:]
    /// The tenants of each global view with the same id: more than one is a mistake.
    private var tenantsByID: [TenantID: Set<ObjectKey>] = [:]
    /// The tenants of each global view that name a hashring, by its name.
    private var tenantsByRing: [RingName: Set<ObjectKey>] = [:]
    /// The tenants of each global view that shape more than their own read proxy.
    private var traitsByView: [ObjectKey: TenantTraits] = [:]
    /// What is wrong with tenants' specifications by themselves; found once, since all of them are looked at often.
    private var specProblems: [ObjectKey: FieldError] = [:]
    /// What is wrong with global views' specifications by themselves.
    private var viewProblems: [ObjectKey: FieldError] = [:]
    /// The agents that take their remote write from each tenant.
    private var agentsByTenant: [ObjectKey: Set<ObjectKey>] = [:]

    /// A snapshot of nothing.
    public init(now: Timestamp) { self.now = now }

    private struct TenantID: Hashable {
        var globalView: ObjectKey
        var id: String
    }

    private struct RingName: Hashable {
        var globalView: ObjectKey
        var name: String
    }

    // MARK: - Changing

    /// Takes in a global view, or its absence.
    public mutating func set(_ view: Boxed<GlobalView>?, for key: ObjectKey) {
        globalViews.set(view, for: key)
        viewProblems[key] = view?.value.validate().first
    }

    /// Takes in a tenant, or its absence.
    public mutating func set(_ box: Boxed<Tenant>?, for key: ObjectKey) {
        let tenant = box?.value
        if let old = tenants[key] {
            tenantsByView.remove(key, from: old.globalViewKey)
            tenantsByID.remove(key, from: TenantID(globalView: old.globalViewKey, id: old.id))
            if let ring = old.spec.hashring {
                tenantsByRing.remove(key, from: RingName(globalView: old.globalViewKey, name: ring))
            }
            traitsByView[old.globalViewKey]?.remove(key)
            if traitsByView[old.globalViewKey]?.isEmpty == true { traitsByView[old.globalViewKey] = nil }
        }
        tenants.set(box, for: key)
        specProblems[key] = tenant?.validate().first
        if let tenant {
            tenantsByView[tenant.globalViewKey, default: []].insert(key)
            tenantsByID[TenantID(globalView: tenant.globalViewKey, id: tenant.id), default: []].insert(key)
            if let ring = tenant.spec.hashring {
                tenantsByRing[RingName(globalView: tenant.globalViewKey, name: ring), default: []].insert(key)
            }
            if tenant.shapesMoreThanItself { traitsByView[tenant.globalViewKey, default: TenantTraits()].add(tenant) }
        }
    }

    /// Takes in an agent, or its absence.
    public mutating func set(_ agent: Boxed<PrometheusAgent>?, for key: ObjectKey) {
        for tenant in agents[key]?.tenantKeys ?? [] { agentsByTenant.remove(key, from: tenant) }
        agents.set(agent, for: key)
        for tenant in agent?.value.tenantKeys ?? [] { agentsByTenant[tenant, default: []].insert(key) }
        if agent == nil { monitoring.memo.forget(key) }
    }

    /// Takes in a receiver's pod, or its absence.
    public mutating func set(_ pod: ReceiverPod?, for key: ObjectKey, of set: ObjectKey) {
        forgetFile(of: key, receiverPods[set]?[key]?.process, pod?.process)
        receiverPods[set, default: [:]][key] = pod
        if receiverPods[set]?.isEmpty == true { receiverPods[set] = nil }
    }

    /// Takes in a router's pod, or its absence.
    public mutating func set(_ pod: RouterPod?, for key: ObjectKey) {
        forgetFile(of: key, routerPods[key]?.process, pod?.process)
        routerPods[key] = pod
    }

    /// Forgets which file a pod has loaded where another process runs in it: that has loaded nothing yet.
    private mutating func forgetFile(of key: ObjectKey, _ old: PodProcess?, _ new: PodProcess?) {
        guard let old, new.map({ !$0.isSame(as: old) }) ?? true else { return }
        loadedHashrings[key] = nil
        receiverTrouble[key] = nil
    }

    /// Takes in a global view.
    public mutating func set(_ view: GlobalView?, for key: ObjectKey) { set(view.map { Boxed($0) }, for: key) }

    /// Takes in a tenant.
    public mutating func set(_ tenant: Tenant?, for key: ObjectKey) { set(tenant.map { Boxed($0) }, for: key) }

    /// Takes in an agent.
    public mutating func set(_ agent: PrometheusAgent?, for key: ObjectKey) { set(agent.map { Boxed($0) }, for: key) }

    // MARK: - Reading

    /// The tenants on a hard hashring of a global view, in no order; those with a problem are left out.
    func tenants(of view: ObjectKey, onHard ring: String) -> [Tenant] {
        let keys = tenantsByRing[RingName(globalView: view, name: ring)] ?? []
        return keys.compactMap { tenants[$0] }.filter { findProblem($0) == nil }
    }

    /// The tenants on the soft hashring of a global view that have shards of a size of their own, in no order; those with
    /// a problem are left out.
    func tenantsWithShards(of view: ObjectKey, onSoft ring: HashringSpec) -> [Tenant] {
        traits(of: view).sharded.compactMap { tenants[$0] }.filter { ring.isOn($0) && findProblem($0) == nil }
    }

    /// The tenants of a global view that shape more than their own read proxy.
    func traits(of view: ObjectKey) -> TenantTraits { traitsByView[view] ?? TenantTraits() }

    /// What is wrong with a tenant's specification by itself.
    func specProblem(of tenant: Tenant) -> FieldError? { specProblems[tenant.metadata.key] }

    /// What is wrong with a global view's specification by itself.
    func specProblem(of view: GlobalView) -> FieldError? { viewProblems[view.metadata.key] }

    /// The keys of the tenants that name a global view, in no order.
    public func tenantKeys(of view: ObjectKey) -> Set<ObjectKey> { tenantsByView[view] ?? [] }

    /// The keys of the agents that take their remote write from a tenant, in no order.
    public func agentKeys(of tenant: ObjectKey) -> Set<ObjectKey> { agentsByTenant[tenant] ?? [] }

    /// The tenants of one global view with one id; the first of them is the one that has it.
    ///
    /// The oldest is first, so that a newcomer never takes an id away; of equally old ones the first by name.
    public func tenants(withID id: String, of view: ObjectKey) -> [Tenant] {
        let same = (tenantsByID[TenantID(globalView: view, id: id)] ?? []).compactMap { tenants[$0] }
        guard same.count > 1 else { return same }
        return same.sorted {
            ($0.metadata.creationTimestamp ?? "", $0.metadata.key) < (
                $1.metadata.creationTimestamp ?? "", $1.metadata.key
            )
        }
    }
}

/// Which Deployment or StatefulSet is meant.
public struct WorkloadKey: Sendable, Hashable {
    private var kind: String
    private var key: ObjectKey

    /// A Deployment or StatefulSet.
    public init(_ resource: Resource, _ key: ObjectKey) {
        kind = resource.kind
        self.key = key
    }
}

extension Dictionary where Value == Set<ObjectKey> {
    fileprivate mutating func remove(_ key: ObjectKey, from term: Key) {
        self[term]?.remove(key)
        if self[term]?.isEmpty == true { self[term] = nil }
    }
}
