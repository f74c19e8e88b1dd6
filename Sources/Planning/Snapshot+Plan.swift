import Kube
import TributaryAPI

extension Snapshot {
    /// What one custom resource needs; nothing where there is no such custom resource.
    public func plan(for key: PlanKey) -> Plan {
        switch key {
        case .globalView(let key): globalViews[key].map(planGlobalView) ?? Plan()
        case .tenant(let key): tenants[key].map(planTenant) ?? Plan()
        case .agent(let key): agents[key].map(planAgent) ?? Plan()
        }
    }

    /// What all custom resources need: global views first, then tenants, then agents, each sorted by namespace and name.
    public func plan() -> Plan {
        var plan = Plan()
        for key in planKeys { plan.add(self.plan(for: key)) }
        return plan
    }

    /// Every custom resource, in the order in which ``plan()`` goes through them.
    public var planKeys: [PlanKey] {
        globalViews.keys.sorted().map(PlanKey.globalView) + tenants.keys.sorted().map(PlanKey.tenant)
            + agents.keys.sorted().map(PlanKey.agent)
    }
}
