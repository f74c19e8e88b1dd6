import Hashring
import Kube
package import TributaryAPI

/// What Tributary has published and created: what a change of it concerns.
extension Snapshot {
    // MARK: - Hashring and limits files

    /// A hashring file concerns its view and, with its members, the tenants with shards of their own.
    ///
    /// A file that someone has edited, or deleted while its view exists, stays as it was published: the next plan names
    /// it again.
    mutating func takeHashrings(_ new: PublishedHashrings?, _ key: ObjectKey) -> Set<PlanKey> {
        let views = globalViews.keys.filter { globalViews[$0]?.hashringsKey == key }
        let old = published[key]
        if let new {
            published[key] = new.restoring(old)
        } else if views.allSatisfy({ globalViews[$0]?.spec.thanos == nil }) {
            published[key] = nil
        }
        var keys = Set(views.map(PlanKey.globalView))
        if published[key]?.text != old?.text {
            for view in views { keys.formUnion(traits(of: view).sharded.map(PlanKey.tenant)) }
        }
        return keys
    }

    /// A limits file concerns its view.
    mutating func takeLimits(_ new: PublishedLimits?, _ key: ObjectKey) -> Set<PlanKey> {
        publishedLimits[key] = new
        return Set(globalViews.keys.filter { globalViews[$0]?.limitsKey == key }.map(PlanKey.globalView))
    }

    // MARK: - Workloads

    /// A workload concerns the custom resource that it was created for.
    mutating func takeWorkload(_ workload: Workload?, _ key: WorkloadKey, of owner: PlanKey?) -> Set<PlanKey> {
        workloads[key] = workload
        if workload?.drainingSince == nil {
            drained.remove(key.key)
            silentDrains[key.key] = nil
        }
        return owner.map { [$0] } ?? []
    }

    /// The number of a configuration's Secrets concerns its agent.
    mutating func takeConfigParts(_ parts: Int?, _ key: ObjectKey, of owner: PlanKey?) -> Set<PlanKey> {
        configParts[key] = parts
        return owner.map { [$0] } ?? []
    }

    /// What a draining shard answers concerns its agent.
    mutating func takeDrain(_ answer: DrainAnswer, of workload: ObjectKey, _ agent: PlanKey) -> Set<PlanKey> {
        switch answer {
        case .sent: drained.insert(workload)
        case .silent(let reason): silentDrains[workload] = reason
        case .answering: silentDrains[workload] = nil
        }
        return [agent]
    }
}

extension GlobalView {
    /// The ConfigMap with the hashring file.
    package var hashringsKey: ObjectKey {
        ObjectKey(namespace: metadata.namespace ?? "default", name: hashringConfigMapName)
    }
    /// The ConfigMap with the limits file.
    package var limitsKey: ObjectKey {
        ObjectKey(namespace: metadata.namespace ?? "default", name: limitsConfigMapName)
    }

    /// The hashring that a tenant asks for: the one that it names, else the soft one; nil if there is none.
    package func hashring(of tenant: Tenant) -> HashringSpec? {
        (spec.thanos?.hashrings ?? []).first { hashring in
            tenant.spec.hashring.map { $0 == hashring.name } ?? hashring.isSoft
        }
    }
}

extension Hashring {
    /// The hashring that an entry of the published file belongs to.
    package var hashringName: String { String(name.prefix { $0 != "+" }) }
}

extension HashringFile {
    /// The members of a hashring: all its entries have the same.
    package func members(of hashring: String) -> [Endpoint] {
        rings.first { $0.hashringName == hashring }?.endpoints ?? []
    }
}
