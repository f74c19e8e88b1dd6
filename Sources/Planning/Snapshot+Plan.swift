public import Kube
import TributaryAPI

extension Snapshot {
    /// What one custom resource needs; where there is none, nothing, and nothing is taken away either: it may be that
    /// the snapshot has not been told of it yet.
    public func plan(for key: PlanKey) -> Plan {
        switch key {
        case .globalView(let key): globalViews[key].map(planGlobalView) ?? .unknown
        case .tenant(let key): tenants[key].map(planTenant) ?? .unknown
        case .agent(let key): agents[key].map(planAgent) ?? .unknown
        }
    }

    /// What one custom resource needs, going on from a status that is newer than what the snapshot has.
    public func plan(for key: PlanKey, status: JSON) -> Plan {
        switch key {
        case .globalView(let key): globalViews[key].map { planGlobalView($0.showing(status)) } ?? .unknown
        case .tenant(let key): tenants[key].map { planTenant($0.showing(status)) } ?? .unknown
        case .agent(let key): agents[key].map { planAgent($0.showing(status)) } ?? .unknown
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

extension CustomResource {
    /// This custom resource with a status; one that does not fit, left by another version, reads as absent.
    fileprivate func showing(_ status: JSON) -> Self {
        var result = self
        result.status = try? status.decode()
        return result
    }
}
