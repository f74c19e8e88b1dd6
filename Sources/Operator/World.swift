import Kube
import KubeRuntime
import Planning
import PlanningInput
import PlanningInput
import PrometheusConfig
import Receivers
import TributaryAPI

/// The snapshot that planning reads, kept up to date by watches.
///
/// Changes come from the watches, and each is answered with the custom resources to plan again. Planning runs under the
/// lock, so that nothing is copied; it takes some tens of microseconds for a tenant. The lock is a leaf: nothing that runs
/// under it takes another lock or calls back.
final class World: Sendable {
    private let snapshot: Locked<Snapshot>
    /// What earlier plans made of monitors.
    private let cache = JobCache()
    /// The state of each ConfigMap with a hashring or limits file that the snapshot has: written, or shown by a watch.
    private let known = Locked<[ObjectKey: AppliedState]>([:])

    /// A world of a cluster, or of one namespace, before any watch has shown anything.
    init(onlyNamespace: String? = nil) {
        snapshot = Locked(Snapshot(now: .now, onlyNamespace: onlyNamespace, credentials: .watched))
    }

    /// The plan for one custom resource, as of now and with its newest status; nil where `isComplete` says that the
    /// snapshot lacks what the plan needs.
    func plan(for key: PlanKey, status: JSON, where isComplete: (borrowing Snapshot) -> Bool) -> Plan? {
        snapshot.withLock { snapshot in
            guard isComplete(snapshot) else { return nil }
            snapshot.now = .now
            return Planner(snapshot, cache: cache).plan(for: key, status: status)
        }
    }

    /// Reads something from the snapshot.
    func read<Result>(_ body: (borrowing Snapshot) -> Result) -> Result {
        snapshot.withLock { body($0) }
    }

    /// Changes the snapshot.
    func change<Result>(_ body: (inout Snapshot) -> Result) -> Result { snapshot.withLock { body(&$0) } }

    /// Takes in a change; returns the custom resources to plan again.
    func take(_ change: Change) -> [PlanKey] { Array(snapshot.withLock { $0.take(change) }) }

    // MARK: - Custom resources

    func set(_ new: Observed<GlobalView>?, was old: Observed<GlobalView>?, for key: ObjectKey) -> [PlanKey] {
        take(.globalView(key, new?.value))
    }

    func set(_ new: Observed<Tenant>?, was old: Observed<Tenant>?, for key: ObjectKey) -> [PlanKey] {
        take(.tenant(key, new?.value))
    }

    func set(_ new: Observed<PrometheusAgent>?, for key: ObjectKey) -> [PlanKey] {
        if new == nil { cache.forget(key) }
        return take(.agent(key, new?.value))
    }

    // MARK: - What Tributary made

    /// Takes in an object that was just written, so that the next plan goes on from it and from nothing older. A change by
    /// somebody else may have been shown before the write was answered: that stays.
    func wrote(_ object: OwnedObject, for key: ObjectKey) {
        guard object.isPublished, !isOutdated(object.applied, key) else { return }
        known.withLock { $0[key] = object.applied }
        takePublished(object, key)
    }

    /// Whether a watch has shown a newer state of a ConfigMap than the snapshot has: the moment between the two. A repair
    /// of somebody's edit before the edit is taken in would not report it.
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
        let owners = [old?.madeFor, new?.madeFor].compactMap(\.self)
        var keys = Set(owners)
        if new?.workload != nil || old?.workload != nil {
            keys.formUnion(take(.workload(WorkloadKey(resource, key), new?.workload, of: owners.last)))
        }
        if new?.configParts != nil || old?.configParts != nil {
            keys.formUnion(take(.configParts(key, new?.configParts, of: owners.last)))
        }
        if new?.isPublished == true || old?.isPublished == true, !(new.map { isOutdated($0.applied, key) } ?? false) {
            known.withLock { $0[key] = new?.applied }
            keys.formUnion(takePublished(new, key))
        }
        return Array(keys)
    }

    @discardableResult
    private func takePublished(_ object: OwnedObject?, _ key: ObjectKey) -> Set<PlanKey> {
        snapshot.withLock { snapshot in
            snapshot.take(.hashrings(key, object?.published)).union(snapshot.take(.limits(key, object?.limits)))
        }
    }

    /// Takes in what an agent's shard that is taken away says of what it has left to send.
    func set(_ finding: ShardDrains.Finding, ofDraining workload: ObjectKey) {
        let answer: DrainAnswer =
            switch finding {
            case .sent: .sent
            case .silent(let reason): .silent(reason)
            case .answering: .answering
            }
        _ = take(.drain(workload, answer, of: .agent(workload)))
    }

    // MARK: - Receivers

    func set(_ new: ReceiverSet?, was old: ReceiverSet?, for key: ObjectKey) -> [PlanKey] {
        take(.receiverSet(key, new))
    }

    func set(_ new: ReceiverPod?, was old: ReceiverPod?, for key: ObjectKey) -> [PlanKey] {
        guard let pod = new ?? old else { return [] }
        return take(.receiverPod(key, new, of: ObjectKey(namespace: key.namespace, name: pod.statefulSet)))
    }

    func set(_ new: RouterPod?, was old: RouterPod?, for key: ObjectKey) -> [PlanKey] { take(.routerPod(key, new)) }

    func set(zone: String?, ofNode node: String, by scope: ReceiverScope) -> [PlanKey] {
        scope.nodeLabel.map { take(.nodeZone(zone, node: node, label: $0)) } ?? []
    }

    func set(_ new: EndpointZones?, was old: EndpointZones?, for key: ObjectKey, by scope: ReceiverScope) -> [PlanKey] {
        guard let service = (new ?? old)?.service else { return [] }
        return take(.endpointZones(key, new, service: service))
    }

    func set(isForbidden: Bool, _ scope: ReceiverScope) -> [PlanKey] {
        take(.watch(scope, isForbidden: isForbidden))
    }

    func set(_ finding: ConvergenceStateMachine.Finding, of pod: ObjectKey) {
        let answer: LoadedHashringAnswer =
            switch finding {
            case .loaded(let hash): .loaded(hash)
            case .refusing(let hash): .refusing(hash)
            case .silent(let reason): .silent(reason)
            }
        _ = take(.loadedHashring(pod, answer, at: .now))
    }
}
