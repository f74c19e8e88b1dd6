import Hashring
import Kube
import PlanningInput
import TributaryAPI

extension ThanosView {
    /// The findings for the author of a served tenant: another tenant's pattern takes its series, its shard size is not
    /// feasible, its id seems to mean something else, or a setting has no effect.
    func findings(about tenant: Tenant) -> [Diagnostic] {
        let about = PlanKey.tenant(tenant.metadata.key)
        return [
            doubtFinding(about, tenant), patternFinding(about, tenant), shardFinding(about, tenant),
            headSeriesFinding(about, tenant), versionWarning(tenant, about),
        ]
        .compactMap(\.self)
    }

    private func doubtFinding(_ about: PlanKey, _ tenant: Tenant) -> Diagnostic? {
        TenantID.doubt(tenant.id, isGlob: tenant.isGlob, matcher: "spec.matcher").map {
            .warning(about, tenant.spec.id == nil ? nil : "spec.id", "IDDoubtful", "\"\(tenant.id)\" \($0)")
        }
    }

    private func patternFinding(_ about: PlanKey, _ tenant: Tenant) -> Diagnostic? {
        guard let (other, hashring) = patternBefore(tenant) else { return nil }
        let owner = "Tenant \"\(other.metadata.key)\" for hashring \"\(hashring)\""
        return .warning(
            about, "spec.hashring", "MatchedByPattern",
            tenant.isGlob
                ? "ids that also match \"\(other.id)\" of \(owner) go there, since that hashring comes first; each id "
                    + "should match one pattern"
                : "\"\(tenant.id)\" matches \"\(other.id)\" of \(owner), so its series go there; set spec.hashring, "
                    + "or narrow the pattern")
    }

    private func headSeriesFinding(_ about: PlanKey, _ tenant: Tenant) -> Diagnostic? {
        guard (tenant.spec.limits?.headSeriesLimit ?? 0) > 0, spec.limits?.global?.metaMonitoringURL == nil else {
            return nil
        }
        return .warning(
            about, "spec.limits.headSeriesLimit", "HeadSeriesNotCounted",
            "has no effect: GlobalView \"\(resource.metadata.name)\" does not set "
                + "spec.thanos.limits.global.metaMonitoringURL, which receivers query for the "
                + "number of a tenant's series"
        )
    }

    private func shardFinding(_ about: PlanKey, _ tenant: Tenant) -> Diagnostic? {
        guard let size = tenant.spec.shuffleShardSize, let hashring = resource.hashring(of: tenant) else { return nil }
        guard let sharding = ShuffleSharding(hashring) else {
            return .warning(
                about, "spec.shuffleShardSize", "NoEffect",
                "has no effect: hashring \"\(hashring.name)\" has no shuffleSharding")
        }
        var members = snapshot.published[resource.hashringsKey]?.file?.members(of: hashring.name) ?? []
        if members.isEmpty {
            // The first file names all wanted receivers.
            members = HashringMembers(hashring, of: self).replicas.filter(\.isWanted).map(\.endpoint)
        }
        let entry = Hashring(
            endpoints: members, algorithm: Algorithm(rawValue: spec.effectiveAlgorithm), shuffleSharding: sharding)
        guard !members.isEmpty,
            let problem = entry.shardProblem(size, replicationFactor: spec.effectiveReplicationFactor)
        else { return nil }
        return .error(
            about, "spec.shuffleShardSize", "ShardInfeasible",
            "\(problem); until then the tenant uses the shard size \(sharding.shardSize) of hashring "
                + "\"\(hashring.name)\""
        )
    }
}
