import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput
import TributaryAPI

/// The watches of fixed kinds: the custom resources, and what Tributary made for them. Says which custom resources each
/// change concerns.
///
/// A shard knows all custom resources, since an agent may refer to a Tenant of any namespace. Of the objects that were made
/// it keeps only what its own plans need.
struct FixedWatches: Sendable {
    let client: KubeClient
    let namespaces: WatchedNamespaces
    let shard: NamespaceShard
    let world: World
    let stores: Stores
    let controller: Controller<PlanKey>
    let applier: Applier
    let statuses: StatusWriter
    let receivers: ReceiverWatches
    let monitors: MonitorWatches
    let delivery: AgentDelivery?
    let compactors: CompactorWatch
    let vanished: VanishedObjects
    let watchHealth: WatchHealth
    let logger: Logger
    /// Whether some view asks for an object of a kind that not every cluster serves.
    private let demands = OwnedKinds.optional.reduce(into: [Resource: Demand]()) { $0[$1] = Demand() }

    /// Enqueues the custom resources that a change concerns.
    func connect() {
        let (world, receivers, monitors, applier, demands) = (world, receivers, monitors, applier, demands)
        let (delivery, compactors, vanished, unshown) = (delivery, compactors, vanished, stores.unshown)
        // Not this value, which has the stores that keep these closures.
        let (controller, statuses) = (controller, statuses)
        controller.watch(stores.globalViews) { change in
            if Self.isOwn(change, .globalView(change.key), statuses, controller) { return world.tookStatus() }
            let keys = world.take(.globalView(change.key, change.new?.value))
            receivers.update()
            // Each change of a hashring writes the status of its view.
            if change.old?.value?.value.spec != change.new?.value?.value.spec { monitors.update() }
            for (resource, demand) in demands {
                demand.set(world.read { snapshot in snapshot.globalViews.values.contains { $0.asks(for: resource) } })
            }
            let (old, new) = (change.old?.value?.value.spec.thanos, change.new?.value?.value.spec.thanos)
            if old?.objectStorage != new?.objectStorage { monitors.update() }
            return keys
        }
        controller.watch(stores.tenants) { change in
            if Self.isOwn(change, .tenant(change.key), statuses, controller) { return world.tookStatus() }
            let rules = world.read { $0.ruleSelections[.tenant(change.key)] }
            let keys = world.take(.tenant(change.key, change.new?.value))
            let selectsOthers = world.read { $0.ruleSelections[.tenant(change.key)] } != rules
            func named(_ tenant: Observed<Tenant>?) -> Set<CredentialSource> {
                tenant?.value?.value.credentialSources ?? []
            }
            if selectsOthers || named(change.old) != named(change.new) { monitors.update() }
            return keys
        }
        controller.watch(stores.agents) { change in
            if Self.isOwn(change, .agent(change.key), statuses, controller) { return world.tookStatus() }
            let keys = world.take(.agent(change.key, change.new?.value))
            monitors.update()
            return keys
        }
        controller.watch(stores.pods) { change in
            guard let pod = change.new ?? change.old else { return [] }
            delivery?.set(change.key, change.new)
            compactors.set(change.key, change.new)
            var keys = world.take(.podTrouble(change.key, change.new?.trouble, in: pod.group))
            keys += world.take(.readyPod(change.key, since: change.new?.readySince, in: pod.group))
            // Another pod of the name has yet to say how it is.
            if change.old?.compactorAddress != nil, change.old?.uid != change.new?.uid {
                keys += world.take(.compactor(change.key, nil, of: pod.group.owner))
            }
            guard change.old?.agentAddress != nil, change.new?.agentAddress == nil else { return keys }
            return keys + world.take(.delivery(change.key, nil, of: pod.group.owner))
        }
        for resource in OwnedKinds.all(in: namespaces) {
            guard let store = stores.owned(resource) else { continue }
            controller.watch(store) { change in
                if change.new == nil, let key = change.old?.madeFor { vanished.note(key) }
                let keys = world.take(change.new, was: change.old, as: resource, for: change.key)
                guard let new = change.new else {
                    applier.forget(resource, change.key)
                    return keys
                }
                unshown.isShown(new, as: OwnedKey(resource, change.key))
                guard change.old.map({ new.saysTheSame(as: $0) }) ?? new.isUnread else { return keys }
                let isOwn = applier.isOwn(resource, change.key, new.applied) {
                    for key in keys { controller.enqueue(key) }
                }
                return isOwn ? [] : keys
            }
        }
    }

    /// Whether a watch shows nothing new of a custom resource but a status that this process writes.
    private static func isOwn<Value>(
        _ change: Store<Observed<Value>>.Change, _ key: PlanKey, _ statuses: StatusWriter,
        _ controller: Controller<PlanKey>
    ) -> Bool {
        guard let old = change.old, let new = change.new, new.asksTheSame(as: old) else { return false }
        return statuses.isOwn(Value.resource, change.key, new.version) { controller.enqueue(key) }
    }

    /// Runs the watches of fixed kinds until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchHealth.run() }
            add(stores.globalViews, &group)
            add(stores.tenants, &group)
            add(stores.agents, &group)
            let ours = "\(Names.managedByLabel)=\(Names.manager)"
            for namespace in namespaces.scopes {
                let pods = WatchScope(.pods, namespace: namespace, labelSelector: ours)
                add(pods, into: stores.pods, &group) { [shard] in OwnPod($0).flatMap { shard.needs($0) ? $0 : nil } }
            }
            for resource in OwnedKinds.all(in: namespaces) {
                guard let store = stores.owned(resource) else { continue }
                for namespace in namespaces.scopes {
                    let scope = WatchScope(resource, namespace: namespace, labelSelector: ours)
                    if let demand = demands[resource] {
                        addOptional(scope, into: store, demand, &group)
                    } else {
                        add(scope, into: store, &group, transform: owned(resource))
                    }
                }
            }
        }
    }

    /// What is kept of an object that Tributary made.
    private func owned(_ resource: Resource) -> @Sendable (Object) -> OwnedObject? {
        { [applier, shard] in
            let object = OwnedObject($0, applied: applier.state(of: $0, as: resource))
            return shard.needs(object) ? object : nil
        }
    }

    /// Watches the objects of a kind that the API server may not serve.
    private func addOptional(
        _ scope: WatchScope, into store: Store<OwnedObject>, _ demand: Demand, _ group: inout DiscardingTaskGroup
    ) {
        let (world, controller, watchHealth) = (world, controller, watchHealth)
        let served = ServedSource(ListWatch(client, scope), demand: demand) { isServed in
            for key in world.take(.kind(scope.resource, isServed: isServed)) { controller.enqueue(key) }
        }
        let watcher = Watcher(
            scope, into: store, source: served.listWatch, logger: logger,
            onState: { state in
                // A kind that is not installed is not a watch that fails.
                if case .failing = state, served.isMissing { return }
                watchHealth.set(state, of: scope)
            },
            transform: owned(scope.resource))
        group.addTask { await watcher.run() }
    }

    private func add<Value>(_ store: Store<Observed<Value>>, _ group: inout DiscardingTaskGroup) {
        for namespace in namespaces.scopes {
            add(WatchScope(Value.resource, namespace: namespace), into: store, &group, transform: Observed.init)
        }
    }

    private func add<Value>(
        _ scope: WatchScope, into store: Store<Value>, _ group: inout DiscardingTaskGroup,
        transform: @escaping @Sendable (Object) -> Value?
    ) {
        let watcher = Watcher(
            scope, into: store, client: client, logger: logger,
            onState: { [watchHealth] in watchHealth.set($0, of: scope) }, transform: transform)
        group.addTask { await watcher.run() }
    }
}
