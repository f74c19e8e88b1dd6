import Kube

/// How the workload controllers behave.
struct ControllerOptions: Sendable {
    /// How long a pod takes from being made to being ready.
    var readyDelay: Duration = .milliseconds(50)
}

/// The controllers that make pods of workloads and slices of services: what kube-controller-manager, the scheduler and the
/// kubelets do for a cluster, as far as it can be seen in objects. No container runs.
///
/// They react to changes only, and look at the state of things rather than at what changed.
final class Controllers: Sendable {
    /// What is brought up to date as one.
    enum Key: Hashable, Sendable {
        case deployment(ObjectKey)
        case replicaSet(ObjectKey)
        case statefulSet(ObjectKey)
        case pod(ObjectKey)
        case service(ObjectKey)
    }

    private struct Pending {
        var keys: Set<Key> = []
        var order: [Key] = []
    }

    private let cluster: any ClusterObjects
    private let kubelet: Kubelet
    private let pending = Locked(Pending())

    init(cluster: any ClusterObjects, options: ControllerOptions = ControllerOptions()) {
        self.cluster = cluster
        kubelet = Kubelet(cluster: cluster, readyDelay: options.readyDelay)
    }

    /// Works until the task is cancelled.
    func run() async {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup { group in
            group.addTask { [self] in
                let kinds: [Resource] = [.deployments, .replicaSets, .statefulSets, .pods, .services]
                for await change in cluster.watch(kinds) {
                    add(affected(by: change))
                    signal.yield()
                }
                signal.finish()
            }
            group.addTask { [self] in
                await withDiscardingTaskGroup { later in
                    for await _ in signals {
                        while let key = next() {
                            guard let delay = reconcile(key) else { continue }
                            later.addTask { [self] in
                                try? await Task.sleep(for: delay)
                                add([key])
                                signal.yield()
                            }
                        }
                    }
                    later.cancelAll()
                }
            }
        }
    }

    private func add(_ keys: [Key]) {
        pending.withLock { pending in
            for key in keys where pending.keys.insert(key).inserted { pending.order.append(key) }
        }
    }

    private func next() -> Key? {
        pending.withLock { pending in
            guard let key = pending.order.first else { return nil }
            pending.order.removeFirst()
            pending.keys.remove(key)
            return key
        }
    }

    /// Brings one thing up to date; returns after which time to look at it again, if that is not up to a change.
    ///
    /// What fails is tried again with the next change: a write fails only since something changed meanwhile, or since the
    /// namespace is being deleted.
    func reconcile(_ key: Key) -> Duration? {
        do throws(APIStatus) {
            switch key {
            case .deployment(let key): try DeploymentController(cluster: cluster).reconcile(key)
            case .replicaSet(let key): try ReplicaSetController(cluster: cluster).reconcile(key)
            case .statefulSet(let key): try StatefulSetController(cluster: cluster).reconcile(key)
            case .pod(let key): return try kubelet.reconcile(key)
            case .service(let key): try EndpointSliceController(cluster: cluster).reconcile(key)
            }
        } catch {
            return nil
        }
        return nil
    }

    private func affected(by change: ObjectChange) -> [Key] {
        let key = change.object.key
        switch change.resource {
        case .deployments: return [.deployment(key)]
        case .replicaSets: return [.replicaSet(key)] + owner(of: change.object)
        case .statefulSets: return [.statefulSet(key)]
        case .services: return [.service(key)]
        case .pods:
            // Which services a pod belonged to before its labels changed is not known here: all of them look again.
            let services = cluster.list(.services, namespace: key.namespace).map { Key.service($0.key) }
            return [.pod(key)] + owner(of: change.object) + services
        default: return []
        }
    }

    private func owner(of object: Object) -> [Key] {
        guard let owner = object.controllerReference else { return [] }
        let key = ObjectKey(namespace: object.namespace ?? "", name: owner.name)
        return switch owner.kind {
        case "Deployment": [.deployment(key)]
        case "ReplicaSet": [.replicaSet(key)]
        case "StatefulSet": [.statefulSet(key)]
        default: []
        }
    }
}
