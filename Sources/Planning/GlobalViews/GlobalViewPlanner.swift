import Kube
import PlanningInput
import TributaryAPI

/// Plans one global view: what its backend needs, and its status.
struct GlobalViewPlanner {
    private let view: GlobalView
    private let snapshot: Snapshot
    private let cache: JobCache

    init(_ view: GlobalView, in snapshot: Snapshot, cache: JobCache) {
        self.view = view
        self.cache = cache
        self.snapshot = snapshot
    }

    func plan() -> Plan {
        guard !view.isPaused else { return Plan(paused: view, now: snapshot.now) }
        if let error = snapshot.specError(of: view) {
            let problem = Diagnostic.invalidSpec(.globalView(view.metadata.key), error)
            var plan = Plan()
            plan.diagnostics = [problem]
            plan.keepsExisting = true
            plan.statuses = [status(.stalled(problem.reason, problem.text), publishedStatus)]
            return plan
        }
        // Without a credential that is only unknown yet, the gateway would refuse its tenant, and pods be replaced.
        let awaited = snapshot.awaitedCredentials(of: view.metadata.key)
        guard awaited.isEmpty else {
            return .waiting(for: awaited.union(snapshot.credentialSources[.globalView(view.metadata.key)] ?? []))
        }
        guard let backend = ViewBackends.backend(of: view, in: snapshot) else { return .unknown }
        var result = backend.plan(with: cache)
        if let proxy = SharedReadProxy(view, backend.direct) {
            result.plan.objects += proxy.objects
            let troubles = proxy.owner.troubles(
                SharedReadProxy.component, program: LabelProxy.program, in: snapshot)
            result.readiness = result.readiness.and(
                .of(snapshot.workloads[proxy.workload], called: "the read proxy", troubles))
        }
        GatewayPlan(backend, in: snapshot)?.add(to: &result)
        let ruler = RulerPlan(view, backend.direct, in: snapshot)
        result.plan.add(ruler.plan)
        if let rules = ruler.readiness { result.readiness = result.readiness.and(rules) }
        result.readiness = result.readiness.with(ruler.warnings)
        result.status["rules"] = ruler.status
        var plan = result.plan
        plan.objects += ViewPolicies(view, backend.direct, result).objects
        ViewGrafana(view: view, snapshot: snapshot).add(to: &plan)
        if snapshot.watchesDelivery { plan.seriesQuestion = SeriesQuestion(backend.direct, of: view, in: snapshot) }
        plan.statuses.append(status(result.readiness, result.status))
        return plan
    }

    /// The status members about published files, which stay published while the view is invalid.
    private var publishedStatus: JSON.Members {
        let old = view.status.flatMap { try? JSON(encoding: $0) }?.object ?? [:]
        return old.filter { ["hashrings", "hashringSummary", "publishedAt"].contains($0.key) }
    }

    private func status(_ readiness: Readiness, _ members: JSON.Members) -> StatusUpdate {
        var status: JSON = [
            "observedGeneration": view.metadata.generation.map { .int($0) } ?? .null,
            "kind": JSON(view.kindName),
            "tenants": JSON(snapshot.tenantKeys(of: view.metadata.key).count),
        ]
        for (name, value) in members { status[name] = value }
        status["conditions"] = readiness.conditions(
            over: view.status?.conditions ?? [], generation: view.metadata.generation, now: snapshot.now)
        return StatusUpdate(resource: GlobalView.resource, key: view.metadata.key, status: status.droppingNulls)
    }
}
