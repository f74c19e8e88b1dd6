import Kube
import KubeRuntime
import Planning
import TributaryAPI

/// The snapshot that planning reads, kept up to date by watches: what is known of the cluster, in one place.
///
/// Changes come in from the watchers, each with the custom resources that have to be planned anew. Planning runs under
/// the lock, so that nothing is copied; it takes some tens of microseconds for a tenant.
final class World: Sendable {
    private let snapshot: Locked<Snapshot>
    /// The state of each ConfigMap with a hashring or limits file that the snapshot has: written, or shown by a watch.
    private let known = Locked<[ObjectKey: AppliedState]>([:])

    /// What is known of a cluster, or of one namespace of it, before any watch has told.
    init(onlyNamespace: String? = nil) {
        var empty = Snapshot(now: .now)
        empty.monitoring.looksUpCredentials = true
        empty.monitoring.onlyNamespace = onlyNamespace
        snapshot = Locked(empty)
    }

    /// The plan for one custom resource, as of now, going on from its newest status: the snapshot keeps none. Nil where
    /// `isComplete` says that the snapshot lacks what the plan needs.
    func plan(for key: PlanKey, status: JSON, where isComplete: (borrowing Snapshot) -> Bool) -> Plan? {
        snapshot.withLock { snapshot in
            guard isComplete(snapshot) else { return nil }
            snapshot.now = .now
            return snapshot.plan(for: key, status: status)
        }
    }

    /// Reads something from the snapshot.
    func read<Result>(_ body: (borrowing Snapshot) -> Result) -> Result {
        snapshot.withLock { body($0) }
    }

    /// Changes the snapshot.
    func change<Result>(_ body: (inout Snapshot) -> Result) -> Result { snapshot.withLock { body(&$0) } }

    // MARK: - Custom resources

    /// Takes in a global view; returns what it concerns: itself, and where its specification changed its tenants and
    /// their agents.
    func set(_ new: Observed<GlobalView>?, was old: Observed<GlobalView>?, for key: ObjectKey) -> [PlanKey] {
        snapshot.withLock { snapshot in
            snapshot.set(new?.value, for: key)
            guard hasChanged(old, new) else { return [.globalView(key)] }
            let tenants = snapshot.tenantKeys(of: key)
            return [.globalView(key)] + tenants.map(PlanKey.tenant)
                + tenants.flatMap { snapshot.agentKeys(of: $0).map(PlanKey.agent) }
        }
    }

    /// Takes in a tenant; returns what it concerns: itself, its global view, whoever has the same id, its agents.
    func set(_ new: Observed<Tenant>?, was old: Observed<Tenant>?, for key: ObjectKey) -> [PlanKey] {
        snapshot.withLock { snapshot in
            snapshot.set(new?.value, for: key)
            guard hasChanged(old, new) else { return [.tenant(key)] }
            var keys: Set<PlanKey> = [.tenant(key)]
            for tenant in [old?.value?.value, new?.value?.value].compactMap({ $0 }) {
                keys.insert(.globalView(tenant.globalViewKey))
                let same = snapshot.tenants(withID: tenant.id, of: tenant.globalViewKey)
                keys.formUnion(same.map { .tenant($0.metadata.key) })
                keys.formUnion(snapshot.tenantsMatched(by: tenant).map(PlanKey.tenant))
                // Whoever has the id now, or has it no longer, has agents as well.
                keys.formUnion(same.flatMap { snapshot.agentKeys(of: $0.metadata.key) }.map(PlanKey.agent))
            }
            keys.formUnion(snapshot.agentKeys(of: key).map(PlanKey.agent))
            return Array(keys)
        }
    }

    /// Takes in an agent.
    func set(_ new: Observed<PrometheusAgent>?, for key: ObjectKey) -> [PlanKey] {
        snapshot.withLock { $0.set(new?.value, for: key) }
        return [.agent(key)]
    }

    /// Whether anything but status and metadata changed; others need not look at the rest.
    private func hasChanged<Value>(_ old: Observed<Value>?, _ new: Observed<Value>?) -> Bool {
        old?.generation != new?.generation || old?.isBeingDeleted != new?.isBeingDeleted
            || old?.uid != new?.uid
    }

    // MARK: - What Tributary made

    /// Takes in an object that was written just now, so that the next plan goes on from it and from nothing older. What
    /// somebody changed since may have been shown before the write was answered: that stays.
    func wrote(_ object: OwnedObject, for key: ObjectKey) {
        guard object.isPublished else { return }
        snapshot.withLock { snapshot in
            guard !isOutdated(object.applied, key) else { return }
            known.withLock { $0[key] = object.applied }
            snapshot.published[key] = object.published
            snapshot.publishedLimits[key] = object.limits
        }
    }

    /// Whether a watch has shown a newer state of a ConfigMap than the snapshot has: the moment between the two. Repairing
    /// somebody's edit from before it was taken in would say nothing of it.
    func isBehind(_ state: AppliedState, _ key: ObjectKey) -> Bool {
        guard let known = known(of: state, key), known != state, let had = known.resourceVersion,
            let shown = state.resourceVersion
        else { return false }
        return had < shown
    }

    /// Whether a state is older than the one that the snapshot has.
    private func isOutdated(_ state: AppliedState, _ key: ObjectKey) -> Bool {
        guard let had = known(of: state, key)?.resourceVersion, let shown = state.resourceVersion else { return false }
        return shown < had
    }

    /// The state that the snapshot has of an object, and of none that had its name before.
    private func known(of state: AppliedState, _ key: ObjectKey) -> AppliedState? {
        known.withLock { $0[key] }.flatMap { $0.uid == state.uid ? $0 : nil }
    }

    /// Takes in an object that Tributary made; returns for whom.
    func set(_ new: OwnedObject?, was old: OwnedObject?, as resource: Resource, for key: ObjectKey) -> [PlanKey] {
        var keys = Set([old?.madeFor, new?.madeFor].compactMap { $0 })
        snapshot.withLock { snapshot in
            if new?.workload != nil || old?.workload != nil {
                snapshot.workloads[WorkloadKey(resource, key)] = new?.workload
                if new?.workload?.drainingSince == nil {
                    snapshot.drained.remove(key)
                    snapshot.silentDrains[key] = nil
                }
            }
            if new?.configParts != nil || old?.configParts != nil {
                snapshot.monitoring.configParts[key] = new?.configParts
            }
            if new?.isPublished == true || old?.isPublished == true,
                !(new.map { isOutdated($0.applied, key) } ?? false)
            {
                known.withLock { $0[key] = new?.applied }
                takePublished(new?.published, of: old?.madeFor, for: key, in: &snapshot)
                snapshot.publishedLimits[key] = new?.limits
            }
            // Which shards can be had depends on the members that are published.
            if new?.published?.text != old?.published?.text {
                for case .globalView(let view) in keys {
                    keys.formUnion(snapshot.tenantsWithShards(of: view).map(PlanKey.tenant))
                }
            }
        }
        return Array(keys)
    }

    /// Takes in a published hashring file. What somebody has changed, or taken away from a global view that is there, is
    /// made again as it was.
    private func takePublished(
        _ new: PublishedHashrings?, of owner: PlanKey?, for key: ObjectKey, in snapshot: inout Snapshot
    ) {
        if let new {
            snapshot.published[key] = new.restoring(snapshot.published[key])
        } else if case .globalView(let view) = owner, snapshot.globalViews[view]?.spec.thanos != nil {
            // The plan names it again.
        } else {
            snapshot.published[key] = nil
        }
    }

    /// Takes in what an agent's shard that is taken away says of what it has left to send.
    func set(_ finding: ShardDrains.Finding, ofDraining workload: ObjectKey) {
        snapshot.withLock { snapshot in
            switch finding {
            case .sent: snapshot.drained.insert(workload)
            case .silent(let reason): snapshot.silentDrains[workload] = reason
            case .answering: snapshot.silentDrains[workload] = nil
            }
        }
    }

    // MARK: - Receivers

    /// Takes in a StatefulSet of receivers; returns the global views that adopt it.
    func set(_ new: ReceiverSet?, was old: ReceiverSet?, for key: ObjectKey) -> [PlanKey] {
        snapshot.withLock { snapshot in
            snapshot.receiverSets[key] = new
            let views = [old, new].compactMap { $0 }.flatMap { snapshot.viewsAdopting($0) }
            return Set(views).map(PlanKey.globalView)
        }
    }

    /// Takes in a receiver's pod; returns the global views that adopt its StatefulSet.
    func set(_ new: ReceiverPod?, was old: ReceiverPod?, for key: ObjectKey) -> [PlanKey] {
        guard let pod = new ?? old else { return [] }
        let set = ObjectKey(namespace: key.namespace, name: pod.statefulSet)
        return snapshot.withLock { snapshot in
            snapshot.set(new, for: key, of: set)
            return (snapshot.receiverSets[set].map { snapshot.viewsAdopting($0) } ?? []).map(PlanKey.globalView)
        }
    }

    /// Takes in a router's pod; returns the global view that it is of.
    func set(_ new: RouterPod?, was old: RouterPod?, for key: ObjectKey) -> [PlanKey] {
        snapshot.withLock { $0.set(new, for: key) }
        return Set([old, new].compactMap { $0.map { ObjectKey(namespace: key.namespace, name: $0.view) } })
            .map(PlanKey.globalView)
    }

    /// Takes in the value of a node's label that zones are read from; returns the global views that read it.
    func set(zone: String?, ofNode node: String, by scope: ReceiverScope) -> [PlanKey] {
        guard let label = scope.nodeLabel else { return [] }
        return snapshot.withLock { snapshot in
            snapshot.zones.set(zone, ofNode: node, label: label)
            return snapshot.viewsNeeding(scope).map(PlanKey.globalView)
        }
    }

    /// Takes in an EndpointSlice that zones are read from; returns the global views that read it.
    func set(_ new: EndpointZones?, was old: EndpointZones?, for key: ObjectKey, by scope: ReceiverScope) -> [PlanKey] {
        guard let service = (new ?? old)?.service else { return [] }
        return snapshot.withLock { snapshot in
            snapshot.zones.set(new, for: key, of: service)
            return snapshot.viewsNeeding(scope).map(PlanKey.globalView)
        }
    }

    /// Notes whether something may be watched; returns the global views that need it where that is news.
    func set(isForbidden: Bool, _ scope: ReceiverScope) -> [PlanKey] {
        snapshot.withLock { snapshot in
            guard snapshot.forbiddenWatches.contains(scope) != isForbidden else { return [] }
            if isForbidden { snapshot.forbiddenWatches.insert(scope) } else { snapshot.forbiddenWatches.remove(scope) }
            return snapshot.viewsNeeding(scope).map(PlanKey.globalView)
        }
    }

    /// Takes in what a receiver says of its hashring file, or that it says nothing.
    func set(_ finding: ConvergenceStateMachine.Finding, of pod: ObjectKey) {
        snapshot.withLock { snapshot in
            switch finding {
            case .loaded(let hash), .refusing(let hash):
                if snapshot.loadedHashrings[pod]?.hash != hash {
                    snapshot.loadedHashrings[pod] = LoadedHashring(hash: hash, since: .now)
                }
                if case .refusing = finding {
                    snapshot.receiverTrouble[pod] = .refusesFile
                } else {
                    snapshot.receiverTrouble[pod] = nil
                }
            case .silent(let reason):
                snapshot.loadedHashrings[pod] = nil
                snapshot.receiverTrouble[pod] = .unknown(reason)
            }
        }
    }
}
