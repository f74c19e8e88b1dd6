import Kube
import KubeRuntime
import Planning
import PlanningInput
import PrometheusConfig

/// The snapshot that planning reads, kept up to date by watches.
///
/// Changes come from the watches, and each is answered with the custom resources to plan again. Planning runs under the
/// lock, so that nothing is copied; it takes some tens of microseconds for a tenant. Nothing that runs under the lock takes
/// another lock that anybody waits for, or calls back: see ``WatchSet`` for the order of all locks.
final class World: Sendable {
    fileprivate struct State: Sendable {
        var snapshot: Snapshot
        /// The version that the snapshot has of each ConfigMap with a hashring or limits file.
        var published = PublishedVersions()
        /// The version that the snapshot has of each Secret with a credential of a tenant.
        var credentials: [ObjectKey: ObjectVersion] = [:]
        /// How many changes were taken in.
        var version: UInt64 = 0
    }

    private let state: Locked<State>
    /// What earlier plans made of monitors.
    private let cache = JobCache()

    /// A world of a cluster, or of some of its namespaces, before any watch has shown anything.
    init(watched: WatchedNamespaces = .all, monitorGroup: MonitorGroup = .standard) {
        var snapshot = Snapshot(now: .now, watched: watched, credentials: .watched)
        snapshot.monitorGroup = monitorGroup
        // The system's generator is one for cryptography, and the bytes never leave the process.
        var random = SystemRandomNumberGenerator()
        snapshot.entropy = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        state = Locked(State(snapshot: snapshot))
    }

    /// The plan for one custom resource, as of now and with its newest status; nil where `isComplete` says that the
    /// snapshot lacks what the plan needs.
    ///
    /// `rules` says whether the snapshot has all PrometheusRules that the plan reads.
    func plan(
        for key: PlanKey, status: JSON, rules: (borrowing Snapshot) -> RuleKnowledge = { _ in .known },
        where isComplete: (borrowing Snapshot) -> Bool
    ) -> Plan? {
        state.withLock { state in
            guard isComplete(state.snapshot) else { return nil }
            state.snapshot.ruleKnowledge = rules(state.snapshot)
            state.snapshot.now = .now
            return Planner(state.snapshot, cache: cache).plan(for: key, status: status)
        }
    }

    /// Reads something from the snapshot.
    func read<Result>(_ body: (borrowing Snapshot) -> Result) -> Result { state.withLock { body($0.snapshot) } }

    /// Another number after each change, for those who need to know whether there was one.
    var version: UInt64 { state.withLock { $0.version } }

    /// Takes in that a watch shows nothing new but a status that was just written, which no plan needs; returns nothing to plan.
    func tookStatus() -> [PlanKey] {
        state.withLock { $0.version += 1 }
        return []
    }

    /// The IDs of the organizations in a view's Grafana, by the name of the Tenant.
    func grafanaOrganizations(of view: ObjectKey) -> [String: Int] { read { $0.grafanaOrganizations(of: view) } }

    /// Sets the image of agents' side-cars.
    func set(reloaderImage: String) { state.withLock { $0.snapshot.reloaderImage = reloaderImage } }

    /// Says that pods of agents are asked what they send.
    func watchDelivery() { state.withLock { $0.snapshot.watchesDelivery = true } }

    /// Notes the Secrets and ConfigMaps that a plan read; returns whether they are others than before.
    func note(_ sources: Set<CredentialSource>, readBy key: PlanKey) -> Bool {
        state.withLock { $0.snapshot.note(sources, readBy: key) }
    }

    /// Takes in a change; returns the custom resources to plan again.
    @discardableResult
    func take(_ change: Change) -> [PlanKey] {
        switch change {
        case .agent(let key, nil): cache.forget(.agent(key))
        case .globalView(let key, nil): cache.forget(.globalView(key))
        default: break
        }
        return Array(
            state.withLock { state in
                state.version += 1
                return state.snapshot.take(change)
            })
    }

    // MARK: - What Tributary made

    /// Takes in an object that a watch shows; returns the custom resources to plan again.
    func take(_ new: OwnedObject?, was old: OwnedObject?, as resource: Resource, for key: ObjectKey) -> [PlanKey] {
        let owners = [old?.madeFor, new?.madeFor].compactMap(\.self)
        return state.withLock { state in
            state.version += 1
            var keys = Set(owners)
            if new?.workload != nil || old?.workload != nil {
                let change = Change.workload(WorkloadKey(resource, key), new?.workload, of: owners.last)
                keys.formUnion(state.snapshot.take(change))
            }
            if new?.configParts != nil || old?.configParts != nil {
                keys.formUnion(state.snapshot.take(.configParts(key, new?.configParts, of: owners.last)))
            }
            if let record = new?.grafana { keys.formUnion(state.snapshot.take(.grafanaRecord(record))) }
            if new?.isPublished == true || old?.isPublished == true { keys.formUnion(state.publish(new, key)) }
            if let credential = new?.credential ?? old?.credential {
                keys.formUnion(state.take(credential, in: new, key))
            }
            return Array(keys)
        }
    }

    /// Takes in an object that was just written, so that the next plan goes on from it and from nothing older; returns the
    /// custom resources to plan again. A change by somebody else may have been shown before the write was answered: that
    /// stays.
    func wrote(_ object: OwnedObject, for key: ObjectKey) -> [PlanKey] {
        if let credential = object.credential { return Array(state.withLock { $0.take(credential, in: object, key) }) }
        guard object.isPublished else { return [] }
        return Array(state.withLock { $0.publish(object, key) })
    }

    /// Takes in that a Secret with a credential is gone, although no watch has shown that yet; returns the custom resources
    /// to plan again.
    func isGone(_ credential: CredentialSecret, _ key: ObjectKey) -> [PlanKey] {
        Array(state.withLock { $0.take(credential, in: nil, key) })
    }

    /// The versions of published files that the next plan goes on from, or older ones.
    var published: PublishedVersions { state.withLock { $0.published } }
}

extension World.State {
    /// Takes in a published file, unless the snapshot has a newer version of the same object.
    fileprivate mutating func publish(_ object: OwnedObject?, _ key: ObjectKey) -> Set<PlanKey> {
        if let version = object?.applied.version, let known = published[key], version.isOlder(than: known) { return [] }
        version += 1
        published[key] = object?.applied.version
        return snapshot.take(.hashrings(key, object?.published)).union(snapshot.take(.limits(key, object?.limits)))
    }

    /// Takes in a Secret with a credential, or that it is gone, unless the snapshot has a newer version of the same object.
    fileprivate mutating func take(
        _ credential: CredentialSecret, in object: OwnedObject?, _ key: ObjectKey
    ) -> Set<PlanKey> {
        if let version = object?.applied.version, let known = credentials[key], version.isOlder(than: known) {
            return []
        }
        credentials[key] = object?.applied.version
        let held = object?.credential?.credential
        return snapshot.take(.tenantCredential(credential.tenant, credential.purpose, held))
    }
}
