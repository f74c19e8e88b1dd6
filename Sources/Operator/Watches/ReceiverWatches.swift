import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput
import Receivers
import TributaryAPI

/// Watches the receivers of hashrings: their StatefulSets by each ring's selector, their pods by each StatefulSet's, and
/// where a ring asks for zones, a label of nodes or the EndpointSlices of the receivers' Services. Also the pods of gateways.
///
/// The rings decide which watches there are, so that other pods of the cluster are never watched.
final class ReceiverWatches: Sendable {
    private typealias Watches<Value: Sendable & Equatable> = WatchSet<ReceiverScope, Value>

    private let world: World
    private let shard: NamespaceShard
    /// Takes the custom resources that a change concerns.
    private let enqueue: @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    /// Takes how watches are doing.
    private let onState: @Sendable (WatcherState, WatchScope) -> Void
    /// Takes which watches have ended.
    private let onEnd: @Sendable (WatchScope) -> Void
    private let updating = CoalescedAction()

    private let sets: Watches<ReceiverSet>
    private let pods: Watches<ReceiverPod>
    private let routers: Watches<RouterPod>
    private let nodes: Watches<String>
    private let slices: Watches<EndpointZones>

    init(
        world: World, shard: NamespaceShard = .all, source: @escaping @Sendable (WatchScope) -> ListWatch,
        logger: Logger,
        enqueue: @escaping @Sendable ([PlanKey], _ isInitial: Bool) -> Void,
        onState: @escaping @Sendable (WatcherState, WatchScope) -> Void = { _, _ in },
        onEnd: @escaping @Sendable (WatchScope) -> Void = { _ in }
    ) {
        self.world = world
        self.shard = shard
        self.enqueue = enqueue
        self.onState = onState
        self.onEnd = onEnd
        func watches<Value>(
            _ transform: @escaping @Sendable (ReceiverScope, Object) -> Value?
        ) -> Watches<Value> {
            Watches(logger: logger) { scope in
                let watch = WatchScope(scope)
                return Watches.Watch(watch, source: source(watch)) { transform(scope, $0) }
            }
        }
        sets = watches { ReceiverSet($1) }
        pods = watches { ReceiverPod($1) }
        routers = watches { RouterPod($1) }
        nodes = watches { scope, node in scope.nodeLabel.flatMap { node.labels[$0] } }
        slices = watches { EndpointZones($1) }
        follow()
    }

    /// What is complete now.
    var complete: CompleteScopes<ReceiverScope> {
        CompleteScopes([sets.complete, pods.complete, routers.complete, nodes.complete, slices.complete])
    }

    /// Starts the watches that the rings need now, and ends those that they no longer need.
    func update() {
        updating.run {
            let needed = world.read { snapshot in
                snapshot.globalViews.keys.filter { shard.has(.globalView($0)) }
                    .reduce(into: Set()) { $0.formUnion(snapshot.scopes(of: $1)) }
            }
            let pods = needed.filter { $0.resource == .pods }
            let routers = pods.filter(\.isRouters)
            sets.keep(needed.filter { $0.resource == .statefulSets })
            self.pods.keep(pods.subtracting(routers))
            self.routers.keep(routers)
            nodes.keep(needed.filter { $0.resource == .nodes })
            slices.keep(needed.filter { $0.resource == .endpointSlices })
        }
    }

    /// Ends all watches.
    func stop() async {
        await sets.stop()
        await pods.stop()
        await routers.stop()
        await nodes.stop()
        await slices.stop()
    }

    // MARK: - Taking in what the watches show

    private func follow() {
        follow(sets) { watches, _, change in
            // An object that is relabelled leaves one watch and enters another, in any order.
            let keys = watches.world.take(.receiverSet(change.key, watches.sets[change.key]))
            watches.update()
            return keys
        }
        follow(pods) { watches, _, change in
            guard let set = (change.new ?? change.old)?.setKey else { return [] }
            return watches.world.take(.receiverPod(change.key, watches.pods[change.key], of: set))
        }
        follow(routers) { $0.world.take(.routerPod($2.key, $2.new)) }
        follow(nodes) { watches, scope, change in
            guard let label = scope.nodeLabel else { return [] }
            return watches.world.take(.nodeZone(change.new, node: change.key.name, label: label))
        }
        follow(slices) { watches, _, change in
            guard let service = (change.new ?? change.old)?.service else { return [] }
            return watches.world.take(.endpointZones(change.key, change.new, service: service))
        }
    }

    private func follow<Value>(
        _ watches: Watches<Value>,
        take: @escaping @Sendable (ReceiverWatches, ReceiverScope, Store<Value>.Change) -> [PlanKey]
    ) {
        watches.onEvent { [weak self] event in
            guard let self else { return }
            switch event {
            case .changed(let scope, let change): enqueue(take(self, scope, change), change.isInitial)
            case .complete:
                // No global view was planned before everything was known.
                update()
                enqueue(world.read { $0.globalViews.keys.map(PlanKey.globalView) }, true)
            case .state(let scope, let state): note(state, of: scope)
            case .ended(let scope):
                enqueue(world.take(.watch(scope, isForbidden: false)), false)
                onEnd(WatchScope(scope))
            }
        }
    }

    /// Enqueues the global views that need what may not be watched, or may be watched again.
    private func note(_ watcher: WatcherState, of scope: ReceiverScope) {
        onState(watcher, WatchScope(scope))
        switch watcher {
        case .forbidden: enqueue(world.take(.watch(scope, isForbidden: true)), false)
        case .watching: enqueue(world.take(.watch(scope, isForbidden: false)), false)
        case .starting, .failing: break
        }
    }
}

extension WatchScope {
    /// How objects that hashrings need are asked for; of nodes only their metadata.
    fileprivate init(_ scope: ReceiverScope) {
        self.init(
            scope.resource, namespace: scope.namespace, labelSelector: scope.labelSelector,
            metadataOnly: scope.resource == .nodes)
    }
}

extension CompleteScopes<ReceiverScope> {
    /// Whether all that the rings of a global view need is known to a snapshot, or may not be watched.
    func hasAll(for view: ObjectKey, in snapshot: borrowing Snapshot) -> Bool {
        let unknown = snapshot.scopes(of: view).filter { !contains($0) }
        return unknown.isSubset(of: snapshot.forbiddenWatches)
    }
}
