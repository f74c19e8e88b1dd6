import Hashring
public import Kube
public import TributaryAPI

extension Snapshot {
    /// What is odd about where a tenant's series go though the tenant is right by itself: somebody else's pattern takes
    /// them, its shard cannot be had, or something that it asks for has no effect where it is.
    func findOddities(_ tenant: Tenant, of view: GlobalView) -> [Diagnostic] {
        let about = PlanKey.tenant(tenant.metadata.key)
        guard let thanos = view.spec.thanos else {
            return noEffect(
                tenant, about,
                ["limits": tenant.spec.limits != nil, "shuffleShardSize": tenant.spec.shuffleShardSize != nil],
                "GlobalView \"\(view.metadata.name)\" is not of Thanos's kind")
        }
        var diagnostics: [Diagnostic] = []
        if let (other, ring) = patternBefore(tenant, of: view) {
            let whose = "Tenant \"\(other.metadata.key)\" for hashring \"\(ring)\""
            diagnostics.append(
                .warning(
                    about, "spec.hashring", "MatchedByPattern",
                    tenant.isGlob
                        ? "ids that match \"\(other.id)\" of \(whose) too go there, since that comes first; each id "
                            + "should match one pattern"
                        : "\"\(tenant.id)\" matches \"\(other.id)\" of \(whose), so its series go there; name a hashring "
                            + "here, or narrow the pattern"))
        }
        diagnostics += shardOddities(tenant, of: view, thanos, about)
        if (tenant.spec.limits?.headSeriesLimit ?? 0) > 0, thanos.limits?.global?.metaMonitoringURL == nil {
            diagnostics.append(
                .warning(
                    about, "spec.limits.headSeriesLimit", "HeadSeriesNotCounted",
                    "has no effect: GlobalView \"\(view.metadata.name)\" names no thanos.limits.global.metaMonitoringURL, "
                        + "by which receivers learn how many series a tenant has"))
        }
        return diagnostics
    }

    private func noEffect(
        _ tenant: Tenant, _ about: PlanKey, _ fields: [String: Bool], _ why: String
    ) -> [Diagnostic] {
        fields.filter(\.value).keys.sorted().map { .warning(about, "spec.\($0)", "NoEffect", "has no effect: \(why)") }
    }

    // MARK: - Patterns

    /// The pattern of another tenant that takes a tenant's series, and the hashring that they go to; nil where they go
    /// where the tenant says. Whole ids on hard hashrings come before patterns, so nothing takes those away.
    func patternBefore(_ tenant: Tenant, of view: GlobalView) -> (tenant: Tenant, ring: String)? {
        let globs = traits(of: view.metadata.key).globs
        let rings = view.spec.thanos?.hashrings ?? []
        func place(_ ring: String?) -> Int? { rings.firstIndex { $0.name == ring && !$0.isSoft } }
        guard !globs.isEmpty, tenant.isGlob || place(tenant.spec.hashring) == nil else { return nil }
        let own = globs[tenant.metadata.key]
        let before = globs.compactMap { key, pattern -> (place: Int, tenant: Tenant)? in
            guard key != tenant.metadata.key, let other = tenants[key], let place = place(other.spec.hashring),
                tenant.isGlob
                    ? place < self.place(tenant, rings) && own.map(pattern.overlaps) == true
                    : pattern.matches(tenant.id),
                findProblem(other) == nil
            else { return nil }
            return (place, other)
        }
        let first = before.min { ($0.place, $0.tenant.id) < ($1.place, $1.tenant.id) }
        return first.map { ($0.tenant, rings[$0.place].name) }
    }

    private func place(_ tenant: Tenant, _ rings: [HashringSpec]) -> Int {
        rings.firstIndex { $0.name == tenant.spec.hashring } ?? rings.count
    }

    /// The tenants that a pattern may take series from: whose plans change when the pattern does.
    public func tenantsMatched(by tenant: Tenant) -> [ObjectKey] {
        guard tenant.isGlob, let pattern = GlobPattern(tenant.id) else { return [] }
        return tenantKeys(of: tenant.globalViewKey).filter { key in
            tenants[key].map { $0.isGlob || pattern.matches($0.id) } ?? false
        }
    }

    // MARK: - Shards

    /// The tenants with shard sizes of their own: whose plans change with the members of their hashring.
    public func tenantsWithShards(of view: ObjectKey) -> Set<ObjectKey> { traits(of: view).sharded }

    private func shardOddities(
        _ tenant: Tenant, of view: GlobalView, _ thanos: ThanosSpec, _ about: PlanKey
    ) -> [Diagnostic] {
        guard let size = tenant.spec.shuffleShardSize,
            let spec = (thanos.hashrings ?? []).first(where: { $0.isOn(tenant) })
        else { return [] }
        guard let sharding = ShuffleSharding(spec) else {
            return noEffect(
                tenant, about, ["shuffleShardSize": true], "hashring \"\(spec.name)\" has no shuffleSharding")
        }
        let file = published[ObjectKey(namespace: view.metadata.key.namespace, name: view.hashringConfigMapName)]?.file
        var members = file?.members(of: spec.name) ?? []
        if members.isEmpty {
            // A first file names all that are wanted.
            members = RingMembers(spec, of: view, in: self).replicas.filter(\.isWanted).map(\.endpoint)
        }
        let ring = Hashring(
            endpoints: members, algorithm: Algorithm(rawValue: thanos.effectiveAlgorithm), shuffleSharding: sharding)
        guard !members.isEmpty,
            let problem = ring.shardProblem(size, replicationFactor: thanos.effectiveReplicationFactor)
        else { return [] }
        return [
            .error(
                about, "spec.shuffleShardSize", "ShardInfeasible",
                "\(problem); until then the tenant uses the \(sharding.shardSize) of hashring \"\(spec.name)\"")
        ]
    }
}

extension HashringSpec {
    /// Whether a tenant is on this hashring, by what the tenant says.
    func isOn(_ tenant: Tenant) -> Bool { tenant.spec.hashring.map { $0 == name } ?? isSoft }
}
