import Kube
import Logging

/// The controllers of workloads and services: as far as objects show it, they do what kube-controller-manager, the
/// scheduler and the kubelets do. No container runs.
///
/// They react only to changes, and look at the current state rather than at what changed.
final class Controllers: Sendable {
    /// What one pass reconciles.
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

    private let cluster: InProcessClient
    private let kubelet: Kubelet
    private let logger: Logger?
    private let pending = Locked(Pending())

    /// Creates controllers. Pods become ready after a delay.
    init(cluster: InProcessClient, readyDelay: Duration = .milliseconds(50), logger: Logger? = nil) {
        self.cluster = cluster
        self.logger = logger
        kubelet = Kubelet(cluster: cluster, readyDelay: readyDelay)
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
                        while !Task.isCancelled, let key = next() {
                            guard let delay = reconcile(key) else { continue }
                            later.addTask { [self] in
                                do { try await Task.sleep(for: delay) } catch { return }
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

    /// Reconciles one object. Returns the time after which to reconcile it again, if no change will do that.
    ///
    /// A failed pass is repeated with the next change. A conflict means that there is one; other failures are logged.
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
            if !error.isConflict {
                logger?.warning("a controller failed", metadata: ["object": "\(key)", "error": "\(error.message)"])
            }
        }
        return nil
    }

    private func affected(by change: ClusterObjectChange) -> [Key] {
        let key = change.object.key
        switch change.resource {
        case .deployments: return [.deployment(key)]
        case .replicaSets: return [.replicaSet(key)] + Self.owner(of: change.object)
        case .statefulSets: return [.statefulSet(key)]
        case .services: return [.service(key)]
        case .pods:
            // The labels before the change are not known here, so every Service in the namespace is reconciled.
            let services = cluster.list(.services, namespace: key.namespace).map { Key.service($0.key) }
            return [.pod(key)] + Self.owner(of: change.object) + services
        default: return []
        }
    }

    /// The workload that controls an object, if there is a controller for it here.
    static func owner(of object: Object) -> [Key] {
        guard let owner = object.controllerReference else { return [] }
        let key = ObjectKey(namespace: object.namespace ?? "", name: owner.name)
        return switch (owner.kind, owner.apiVersion) {
        case ("Deployment", Resource.deployments.apiVersion): [.deployment(key)]
        case ("ReplicaSet", Resource.replicaSets.apiVersion): [.replicaSet(key)]
        case ("StatefulSet", Resource.statefulSets.apiVersion): [.statefulSet(key)]
        default: []
        }
    }
}
