import Kube
import PlanningInput
import TributaryAPI

/// The tenants of a global view with Thanos: which are served, on which hashring, and which patterns match them.
extension ThanosView {
    private var hashrings: [HashringSpec] { spec.hashrings ?? [] }

    /// The number of tenants, served or not.
    var tenantCount: Int { snapshot.tenantKeys(of: key).count }

    /// The tenant with an id; nil if there is none.
    func tenant(withID id: String) -> Tenant? { snapshot.tenants(withID: id, of: key).first }

    /// Whether a tenant is served.
    func serves(_ tenant: Tenant) -> Bool { admission.problem(of: tenant) == nil }

    private func served(among tenants: [Tenant]) -> [Tenant] {
        let admission = admission
        return tenants.filter { admission.problem(of: $0) == nil }
    }

    private var admission: TenantAdmission {
        TenantAdmission(snapshot: snapshot) { tenant, _ in refusal(of: tenant) }
    }

    /// The served tenants that name a hashring, in no order.
    func served(on hashring: String) -> [Tenant] {
        served(among: snapshot.tenants(of: key, naming: hashring))
    }

    /// The served tenants of the soft hashring with a shard size of their own, in no order.
    func servedWithShards(onSoft hashring: HashringSpec) -> [Tenant] {
        snapshot.traits(of: key).sharded.compactMap { snapshot.tenants[$0] }
            .filter { resource.hashring(of: $0)?.name == hashring.name && serves($0) }
    }

    /// The served tenants with limits of their own, in no order.
    var servedWithLimits: [Tenant] {
        served(among: snapshot.traits(of: key).limited.compactMap { snapshot.tenants[$0] })
    }

    /// Whether some tenant of the view, served or not, has an id that is not in a set.
    func hasTenant(besides ids: Set<String>) -> Bool {
        snapshot.tenantKeys(of: key).contains { key in
            snapshot.tenants[key].map { !ids.contains($0.id) } ?? false
        }
    }

    /// The destination of a tenant's series, for its status.
    func hashring(of tenant: Tenant) -> String {
        if !tenant.isGlob, let (other, hashring) = patternBefore(tenant) { return "\(hashring) (by \(other.id))" }
        return tenant.spec.hashring ?? "(soft)"
    }

    // MARK: - Why a tenant is refused

    /// Why a tenant's hashring cannot serve it; nil if it can.
    func refusal(of tenant: Tenant) -> Diagnostic? {
        let about = PlanKey.tenant(tenant.metadata.key)
        var names: String { hashrings.map(\.name).joined(separator: ", ") }
        guard let name = tenant.spec.hashring else {
            guard !hashrings.contains(where: \.isSoft) else { return nil }
            return .error(
                about, "spec.hashring", "HashringNotFound",
                "is required: GlobalView \"\(resource.metadata.name)\" has no soft hashring for all tenants "
                    + "(it has: \(names))"
            )
        }
        guard let hashring = hashrings.first(where: { $0.name == name }) else {
            return .error(
                about, "spec.hashring", "HashringNotFound",
                "\"\(name)\" is not a hashring of GlobalView \"\(resource.metadata.name)\" (it has: \(names))")
        }
        if hashring.isSoft, tenant.isGlob || tenant.spec.externalLabels != nil {
            let what = tenant.isGlob ? "patterns have no effect" : "external labels have no effect"
            return .error(
                about, "spec.hashring", "HashringSoft",
                "\"\(name)\" is the soft hashring, where \(what); name another hashring")
        }
        return labelRefusal(of: tenant, about) ?? versionRefusal(of: tenant, about)
    }

    private func labelRefusal(of tenant: Tenant, _ about: PlanKey) -> Diagnostic? {
        guard tenant.spec.externalLabels?[resource.tenantLabel] != nil else { return nil }
        return .error(
            about, "spec.externalLabels", "TenantLabelGiven",
            "\"\(resource.tenantLabel)\" is the tenant label, which is added to each series; remove it here")
    }

    // MARK: - Patterns

    /// The tenant whose pattern takes another tenant's series, and the hashring that they go to; nil if they go to the
    /// hashring that the tenant asks for. Whole ids on hard hashrings come before patterns, so no pattern takes their
    /// series.
    func patternBefore(_ tenant: Tenant) -> (tenant: Tenant, hashring: String)? {
        let globs = snapshot.traits(of: key).globs
        guard !globs.isEmpty, tenant.isGlob || hardPlace(of: tenant.spec.hashring) == nil else { return nil }
        let own = globs[tenant.metadata.key]
        let ownPlace = hashrings.firstIndex { $0.name == tenant.spec.hashring } ?? hashrings.count
        let before = globs.compactMap { key, pattern -> (place: Int, tenant: Tenant)? in
            guard key != tenant.metadata.key, let other = snapshot.tenants[key],
                let place = hardPlace(of: other.spec.hashring),
                tenant.isGlob
                    ? place < ownPlace && own.map(pattern.overlaps) == true
                    : pattern.matches(tenant.id),
                serves(other)
            else { return nil }
            return (place, other)
        }
        let first = before.min { ($0.place, $0.tenant.id) < ($1.place, $1.tenant.id) }
        return first.map { ($0.tenant, hashrings[$0.place].name) }
    }

    private func hardPlace(of hashring: String?) -> Int? {
        hashrings.firstIndex { $0.name == hashring && !$0.isSoft }
    }
}
