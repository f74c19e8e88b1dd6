package import Kube
package import TributaryAPI

/// The custom resources: how plans look them up, and what a change of one concerns.
extension Snapshot {
    // MARK: - Reading

    /// The first error in a tenant's specification.
    package func specError(of tenant: Tenant) -> FieldError? { tenantIndex.errors[tenant.metadata.key] }

    /// The first error in a global view's specification.
    package func specError(of view: GlobalView) -> FieldError? { viewErrors[view.metadata.key] }

    /// The keys of the tenants that name a global view, in no order.
    package func tenantKeys(of view: ObjectKey) -> Set<ObjectKey> { tenantIndex.keys(of: view) }

    /// The tenants that name a global view and one of its hashrings, in no order.
    package func tenants(of view: ObjectKey, naming hashring: String) -> [Tenant] {
        tenantIndex.keys(naming: hashring, of: view).compactMap { tenants[$0] }
    }

    /// The tenants of a global view that affect more than their own plan.
    package func traits(of view: ObjectKey) -> TenantTraits { tenantIndex.traits(of: view) }

    /// The tenants of one global view with one id. The first one has the id; any other is a mistake.
    ///
    /// The oldest comes first, so that a newcomer never takes an id away; equally old ones are sorted by name.
    package func tenants(withID id: String, of view: ObjectKey) -> [Tenant] {
        let same = tenantIndex.keys(withID: id, of: view).compactMap { tenants[$0] }
        guard same.count > 1 else { return same }
        return same.sorted {
            ($0.metadata.creationTimestamp ?? "", $0.metadata.key) < (
                $1.metadata.creationTimestamp ?? "", $1.metadata.key
            )
        }
    }

    /// The tenant of a global view that has an id; nil if none has it.
    package func holder(ofID id: String, of view: ObjectKey) -> ObjectKey? {
        let keys = tenantIndex.keys(withID: id, of: view)
        return keys.count > 1 ? tenants(withID: id, of: view).first?.metadata.key : keys.first
    }

    // MARK: - What a change concerns

    /// A global view concerns its tenants and their agents; whether it exists, the tenants that name a view that does
    /// not.
    mutating func takeGlobalView(_ box: Boxed<GlobalView>?, _ key: ObjectKey) -> Set<PlanKey> {
        let old = globalViews[key]
        for tenant in old?.federatedTenantKeys ?? [] { viewsPullingFor.remove(key, from: tenant) }
        if let old { credentialTable.remove(old) }
        if let new = box?.value { credentialTable.insert(new) }
        globalViews.set(box, for: key)
        ruleSelections[.globalView(key)] = box.flatMap { RuleSelection($0.value) }
        for tenant in box?.value.federatedTenantKeys ?? [] { viewsPullingFor[tenant, default: []].insert(key) }
        viewErrors[key] = box?.value.validate().summary
        if old?.spec.prometheus != box?.value.spec.prometheus || (old == nil) != (box == nil) {
            viewScrapers[key] = box?.value.scraper
        }
        if viewScrapers[key] == nil { credentialSources[.globalView(key)] = nil }
        forgetGrafana(of: key, unlessIn: box?.value)
        if box == nil { series[key] = nil }
        var keys: Set<PlanKey> = [.globalView(key)]
        if !Self.asksTheSame(old, box?.value) { keys.formUnion(tenantsAndAgents(of: key)) }
        keys.formUnion(takeObjectStorage(of: key, old, box?.value))
        if (old == nil) != (box == nil) {
            // Such a tenant's status lists the views that do exist.
            for view in tenantIndex.views where view.namespace == key.namespace && globalViews[view] == nil {
                keys.formUnion(tenantsAndAgents(of: view))
            }
        }
        return keys
    }

    private func tenantsAndAgents(of view: ObjectKey) -> Set<PlanKey> {
        let tenants = tenantKeys(of: view)
        return Set(tenants.map(PlanKey.tenant)).union(agents(sendingTo: tenants))
    }

    /// A tenant concerns its global view, every tenant with the same id, the tenants that a pattern of those matches,
    /// the agents of all with that id, and the views that pull from its servers.
    mutating func takeTenant(_ box: Boxed<Tenant>?, _ key: ObjectKey) -> Set<PlanKey> {
        let (old, new) = (tenants[key], box?.value)
        let isSame = Self.asksTheSame(old, new)
        var keys: Set<PlanKey> = [.tenant(key)]
        if !isSame, let old {
            keys.formUnion(concerned(by: old))
            keys.formUnion(sharing(key).map { .tenant($0.other) })
        }
        if let old { tenantIndex.remove(old) }
        tenants.set(box, for: key)
        ruleSelections[.tenant(key)] = box.flatMap { RuleSelection($0.value) }
        if let new { tenantIndex.insert(new) }
        if !isSame { keys.formUnion(takeCredentials(of: key, old, new)) }
        if !isSame, let new { keys.formUnion(concerned(by: new)) }
        if !isSame {
            keys.formUnion(agents(sendingTo: [key]))
            keys.formUnion((viewsPullingFor[key] ?? []).map(PlanKey.globalView))
        }
        return keys
    }

    private func concerned(by tenant: Tenant) -> Set<PlanKey> {
        // The one that has the id may change, and with it whose pattern counts.
        let same = tenants(withID: tenant.id, of: tenant.globalViewKey)
        var keys: Set<PlanKey> = [.globalView(tenant.globalViewKey)]
        keys.formUnion(same.map { .tenant($0.metadata.key) })
        keys.formUnion(agents(sendingTo: same.map(\.metadata.key)))
        if same.contains(where: \.isGlob), let pattern = GlobPattern(tenant.id) {
            for key in tenantKeys(of: tenant.globalViewKey) {
                guard let other = tenants[key], other.isGlob || pattern.matches(other.id) else { continue }
                keys.insert(.tenant(key))
            }
        }
        return keys
    }

    /// An agent concerns its tenants, whose datasources show the shortest scrape interval.
    mutating func takeAgent(_ box: Boxed<PrometheusAgent>?, _ key: ObjectKey) -> Set<PlanKey> {
        let (old, new) = (agents[key], box?.value)
        var keys: Set<PlanKey> = [.agent(key)]
        if old?.scrapeInterval != new?.scrapeInterval || old?.tenantKeys != new?.tenantKeys {
            keys.formUnion(((old?.tenantKeys ?? []) + (new?.tenantKeys ?? [])).map(PlanKey.tenant))
        }
        for tenant in agents[key]?.tenantKeys ?? [] { agentsByTenant.remove(key, from: tenant) }
        agents.set(box, for: key)
        for tenant in box?.value.tenantKeys ?? [] { agentsByTenant[tenant, default: []].insert(key) }
        if box == nil { (credentialSources[.agent(key)], deliveries[key], idleJobs[key]) = (nil, nil, nil) }
        return keys
    }

    /// The agents that send to some tenants.
    func agents(sendingTo tenants: some Sequence<ObjectKey>) -> [PlanKey] {
        tenants.flatMap { (agentsByTenant[$0] ?? []).map(PlanKey.agent) }
    }

    /// Whether two states of a custom resource differ only in what no other plan reads.
    private static func asksTheSame<Value: CustomResource>(_ old: Value?, _ new: Value?) -> Bool {
        switch (old, new) {
        case (nil, nil): true
        case (let old as Tenant, let new as Tenant) where old.status?.offboarding != new.status?.offboarding: false
        case (let old?, let new?):
            old.spec == new.spec && old.metadata.uid == new.metadata.uid
                && old.metadata.creationTimestamp == new.metadata.creationTimestamp
        default: false
        }
    }
}
