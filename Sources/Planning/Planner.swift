public import Kube
public import PlanningInput
import TributaryAPI

/// Plans from a snapshot what should exist.
///
/// A plan is a function of the snapshot: the planner has no clock, does no IO and keeps no state. The job cache saves
/// work and does not change plans.
public struct Planner: Sendable {
    let snapshot: Snapshot
    private let cache: JobCache

    /// A planner of a snapshot, with the jobs that earlier plans have made.
    public init(_ snapshot: Snapshot, cache: JobCache = JobCache()) {
        self.snapshot = snapshot
        self.cache = cache
    }

    /// The plan for one custom resource. `status`, if given, is newer than the status in the snapshot.
    public func plan(for key: PlanKey, status: JSON? = nil) -> Plan {
        switch key {
        case .globalView(let key):
            snapshot.globalViews[key].map {
                GlobalViewPlanner($0.showing(status), in: snapshot, cache: cache).plan()
            } ?? .unknown
        case .tenant(let key):
            snapshot.tenants[key].map { TenantPlanner($0.showing(status), in: snapshot).plan() } ?? .unknown
        case .agent(let key):
            snapshot.agents[key].map { agent in
                var planner = AgentPlanner(agent.showing(status), in: snapshot, cache: cache)
                return planner.makePlan()
            } ?? .unknown
        }
    }

    /// The plan for all custom resources, in the order of ``Snapshot/planKeys``. `progress` is told before each of them which
    /// one it is, counted from 1.
    public func plan(progress: (Int) -> Void = { _ in }) -> Plan {
        var plan = Plan()
        for (index, key) in snapshot.planKeys.enumerated() {
            progress(index + 1)
            plan.add(self.plan(for: key))
        }
        return plan
    }
}

extension CustomResource {
    /// This custom resource with a status. A status of another version that cannot be decoded counts as absent.
    fileprivate func showing(_ status: JSON?) -> Self {
        guard let status else { return self }
        var result = self
        result.status = try? status.decode()
        return result
    }
}
