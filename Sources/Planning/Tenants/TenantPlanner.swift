import Kube
import PlanningInput
import TributaryAPI

/// Plans one tenant: its credentials, its read proxy unless all tenants share one, what it gets in Grafana, and the status
/// with its URLs.
struct TenantPlanner {
    private let tenant: Tenant
    private let snapshot: Snapshot
    private let about: PlanKey
    private let owner: Owner
    private let offboarding: Offboarding?
    private let backend: (any ViewBackend)?
    /// Where the view is read and written without a gateway.
    private let direct: ViewEndpoints?
    /// Whether the tenant's samples arrive; nil for one that is not to send any, or stands for many.
    private let receiving: TenantReceiving?

    init(_ tenant: Tenant, in snapshot: Snapshot) {
        self.tenant = tenant
        self.snapshot = snapshot
        about = .tenant(tenant.metadata.key)
        owner = Owner(resource: Tenant.resource, metadata: tenant.metadata)
        offboarding = Offboarding(tenant, now: snapshot.now)
        backend = snapshot.globalViews[tenant.globalViewKey].flatMap { ViewBackends.backend(of: $0, in: snapshot) }
        direct = backend?.direct
        if let direct, offboarding == nil, !tenant.isGlob {
            receiving = TenantReceiving(tenant, direct, in: snapshot)
        } else {
            receiving = nil
        }
    }

    func plan() -> Plan {
        var plan = Plan()
        let admission = TenantAdmission(snapshot: snapshot) { [backend] tenant, _ in backend?.refusal(of: tenant) }
        if let problem = admission.problem(of: tenant) {
            plan.diagnostics.append(problem)
            // The tenant's existing objects stay, so that its users can keep reading.
            plan.keepsExisting = true
            plan.statuses.append(status(.stalled(problem.reason, problem.text)))
            return plan
        }
        guard let backend, let direct else { return plan }
        let view = backend.view
        let endpoints = direct.behindGateway(of: view)
        plan.isSilent = receiving?.isSilent ?? false
        let grafana = TenantGrafana(tenant: tenant, view: view, snapshot: snapshot)
        var findings =
            backend.findings(about: tenant) + offboardingFindings(view)
            + ReadFindings(tenant: tenant, view: view, endpoints: endpoints).findings
        plan.diagnostics += findings
        guard !tenant.isGlob else {
            // Tenants that match the pattern have Tenants of their own for reading.
            grafana.addNone(to: &plan)
            let readiness = Readiness.ready("every id that matches the pattern goes to its hashring")
            plan.statuses.append(status(readiness.with(findings), endpoints))
            return plan
        }
        if let offboarding {
            guard offboarding.phase == .readOnly else {
                // Without an object in the plan, everything goes that was created.
                grafana.addNone(to: &plan)
                plan.statuses.append(status(Readiness.ready(offboarding.message).with(findings)))
                return plan
            }
            plan.recheck(after: min(offboarding.readsUntil.since(snapshot.now), .seconds(86_400)))
        }
        let credentials = view.spec.gateway.map { _ in TenantCredentials(tenant, owner: owner, in: snapshot) }
        if let credentials {
            guard credentials.awaited.isEmpty else { return .waiting(for: credentials.awaited) }
            findings += credentials.plan.diagnostics
            plan.add(credentials.plan)
        }
        guard let upstream = endpoints.queryURL(of: tenant) else {
            plan.diagnostics.append(
                .warning(
                    about, nil, "NoQueryURL",
                    "GlobalView \"\(view.metadata.name)\" has no query URL, so there is nothing to read from"))
            grafana.addNone(to: &plan)
            let readiness = Readiness.stalled(
                "NoQueryURL", "the GlobalView has no query URL, so there is nothing to read from")
            plan.statuses.append(status(readiness.with(findings), endpoints, credentials: credentials))
            return plan
        }
        let hasProxy = !view.sharesReadProxy && !endpoints.isolatesReads
        if hasProxy { plan.objects += readProxy(of: view, endpoints, upstream) }
        grafana.add(to: &plan, reading: endpoints.readURL ?? proxyURL, endpoints)
        let ruler = rules(of: view, endpoints)
        plan.add(ruler.plan)
        // What all tenants share is part of the view and of its readiness: a change of it concerns no tenant's plan.
        var readiness =
            hasProxy
            ? proxyReadiness : Readiness.ready("reads through the gateway of GlobalView \"\(view.metadata.name)\"")
        if let rules = ruler.readiness { readiness = readiness.and(rules) }
        let shown = endpoints.outsideReadURL ?? endpoints.readURL ?? proxyURL
        plan.statuses.append(
            status(
                readiness.with(offboarding?.message).with(findings + ruler.warnings + grafana.diagnostics),
                endpoints, readURL: shown, credentials: credentials, grafana: grafana.status, rules: ruler.status))
        return plan
    }

    /// What the tenant's rules need. A tenant that is offboarded cannot write their results.
    private func rules(of view: GlobalView, _ endpoints: ViewEndpoints) -> RulerPlan {
        guard offboarding == nil else { return RulerPlan() }
        return RulerPlan(tenant, of: view, endpoints, readURL: endpoints.readURL ?? proxyURL, in: snapshot)
    }

    private func offboardingFindings(_ view: GlobalView) -> [Diagnostic] {
        guard offboarding != nil, view.spec.gateway == nil else { return [] }
        return [
            .warning(
                about, "spec.offboarding", "NoGateway",
                "only a gateway refuses writes, and GlobalView \"\(view.metadata.name)\" has none: agents of this "
                    + "cluster stop to write, others do not")
        ]
    }

    // MARK: - Objects

    private var proxyName: String { ReadProxy.name(of: tenant.metadata.name) }
    /// The URL of the tenant's own read proxy.
    private var proxyURL: String { ReadProxy.url(of: tenant.metadata.name, namespace: owner.namespace) }

    private func readProxy(of view: GlobalView, _ endpoints: ViewEndpoints, _ upstream: String) -> [Object] {
        let defaults = view.spec.readProxy
        let proxy = ReadProxy(
            owner: owner, label: endpoints.tenantLabel, values: [tenant.id] + (tenant.spec.read?.alsoSees ?? []),
            upstream: upstream, authorities: endpoints.queryAuthorities.map { UpstreamAuthorities(source: $0) },
            filtersRules: endpoints.filtersRules, image: view.readProxyImage,
            replicas: tenant.spec.read?.replicas ?? defaults?.replicas ?? 1,
            resources: defaults?.resources?.json ?? ReadProxy.defaultResources)
        return proxy.objects + [ReadProxyPolicy(tenant, view)?.object].compactMap(\.self)
    }

    // MARK: - Status

    private var proxyReadiness: Readiness {
        let key = ObjectKey(namespace: owner.namespace, name: proxyName)
        return .of(
            snapshot.workloads[WorkloadKey(.deployments, key)], called: "the read proxy",
            owner.troubles(ReadProxy.component, program: LabelProxy.program, in: snapshot))
    }

    private func status(
        _ readiness: Readiness, _ endpoints: ViewEndpoints? = nil, readURL: String? = nil,
        credentials: TenantCredentials? = nil, grafana: JSON? = nil, rules: JSON? = nil
    ) -> StatusUpdate {
        let hashring = backend.map { $0.hashring(of: tenant) } ?? tenant.spec.hashring
        var status: JSON = [
            "observedGeneration": tenant.metadata.generation.map { .int($0) } ?? .null,
            "id": JSON(tenant.id),
            "hashring": hashring.map { JSON($0) } ?? .null,
            "readURL": readURL.map { JSON($0) } ?? .null,
            "writeURL": (endpoints?.outsideWriteURL ?? endpoints?.writeURL).map { JSON($0) } ?? .null,
            "replicaWriteURLs": endpoints.flatMap { $0.shownReplicaWriteURLs }.map { JSON($0) } ?? .null,
            "offboarding": offboarding?.status ?? .null,
            "grafana": grafana ?? .null,
            "rules": rules ?? .null,
        ]
        if let shown = credentials?.status, shown != [:] { status["credentials"] = shown }
        // A condition of one that is not to send any may be from a time when it was.
        let former = (tenant.status?.conditions ?? []).filter { receiving != nil || $0.type != TenantReceiving.type }
        status["conditions"] = readiness.conditions(
            over: former, and: receiving.map { [$0.condition] } ?? [], generation: tenant.metadata.generation,
            now: snapshot.now)
        status["received"] = receiving?.figures
        return StatusUpdate(resource: Tenant.resource, key: tenant.metadata.key, status: status.droppingNulls)
    }
}

extension Readiness {
    /// This readiness with a note in a ready message.
    fileprivate func with(_ note: String?) -> Readiness {
        guard case .ready(let message) = self, let note else { return self }
        return .ready("\(message); \(note)")
    }
}
