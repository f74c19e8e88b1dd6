import Kube
import KubeClient
import KubeRuntime
import Logging
import Observability
import Planning
import PlanningInput

/// Keeps the organizations of tenants in Grafana servers, apart from everything else: in its own queue, three at once.
final class GrafanaKeeper: Sendable {
    typealias Key = GrafanaOrganizations.Key

    /// What it needs of the operator.
    struct Surroundings: Sendable {
        /// Whether this process may write.
        var mayWrite: @Sendable () -> Bool
        /// Reads a Secret; nil if there is none.
        var secret: @Sendable (ObjectKey) async throws -> Object?
        /// Calls a server.
        var exchange: @Sendable (PlainCall) async throws -> HTTPResponse
        /// The IDs of the organizations of a view, by the name of the Tenant.
        var recorded: @Sendable (ObjectKey) -> [String: Int]
        /// Whether a tenant of a view exists after all: one that cannot be read, or that has just been created anew.
        var isTenant: @Sendable (_ tenant: ObjectKey, _ view: ObjectKey) -> Bool
        /// Takes what was found out about a view's Grafana.
        var tell: @Sendable (ObjectKey, GrafanaFinding) -> Void
    }

    /// How many organizations are worked on at once.
    private static let atOnce = 3
    /// The time between two checks of an organization.
    private static let interval = Duration.seconds(300)
    /// How many organizations are checked in a second at most, where there are thousands: five calls each, for each of
    /// which Grafana computes the hash of a password.
    private static let checksPerSecond = 3
    /// For how long it tries to take back the organizations of a view that is gone.
    private static let patience = Duration.seconds(600)

    private let state = Locked(GrafanaOrganizations())
    private let controller: Controller<Key>
    private let administrators: GrafanaAdministrators
    private let surroundings: Surroundings
    private let logger: Logger
    private let time: TimeSource

    init(
        registry: MetricsRegistry? = nil, logger: Logger, time: TimeSource = .system, _ surroundings: Surroundings
    ) {
        controller = Controller<Key>(
            name: "grafana", workers: Self.atOnce, registry: registry, logger: logger, time: time)
        administrators = GrafanaAdministrators(time: time, read: surroundings.secret)
        self.surroundings = surroundings
        self.logger = logger
        self.time = time
    }

    // MARK: - What plans want

    /// Takes over what a plan wants; cheap if that has not changed.
    func follow(_ key: PlanKey, _ plan: Plan) {
        let keys: [Key]
        switch key {
        case .globalView(let view): keys = state.withLock { $0.take(plan, of: view) }
        case .tenant(let tenant): keys = state.withLock { $0.take(plan, ofTenant: tenant) }
        case .agent: return
        }
        for key in keys { controller.enqueue(key) }
    }

    /// A custom resource is gone.
    func forget(_ key: PlanKey) {
        // What a tenant has is taken back once the plan of its view says that it is no longer the view's.
        guard case .globalView(let view) = key else { return }
        let recorded = surroundings.recorded(view).keys
        let now = time.now()
        for key in state.withLock({ $0.remove(view, having: recorded, now: now) }) { controller.enqueue(key) }
    }

    /// Works until the task is cancelled; only one task may call this, and only once.
    func run() async {
        await controller.run { try await self.work($0) }
    }

    // MARK: - One organization

    private func work(_ key: Key) async throws -> ReconcileResult {
        guard surroundings.mayWrite() else { return .requeueAfter(.seconds(5)) }
        let now = time.now()
        let (view, organization) = state.withLock { ($0.views[key.view], $0.organizations[key]) }
        guard let view, let organization, !view.isSuspended else { return .done }
        if let since = view.goneSince, now - since > Self.patience {
            logger.warning("gives up taking back what was created in Grafana", metadata: ["organization": "\(key)"])
            return end(key)
        }
        if let wait = view.gate.wait(now: now) { return .requeueAfter(wait + jitter(.seconds(2))) }
        do {
            let administrator = try await administrators.administrator(of: view.server)
            let api = GrafanaServerAPI(
                url: try Self.base(view.server.url), admin: administrator, exchange: surroundings.exchange)
            let result =
                if case .organization(let wanted) = organization.wanted {
                    try await keep(wanted, organization.written, key, api)
                } else {
                    try await takeBack(
                        key, isSure: organization.wanted != .abandoned || view.goneSince != nil, view.server, api)
                }
            works(key.view)
            return result
        } catch let problem as GrafanaProblem {
            works(key.view)
            surroundings.tell(key.view, .problem(tenant: key.tenant, problem))
            return later(key, nil)
        } catch let outage as GrafanaOutage {
            fails(key.view, outage, view.server, startedAt: now)
            return .requeueAfter(.seconds(1) + jitter(.seconds(1)))
        }
    }

    private func keep(
        _ wanted: GrafanaOrganization, _ written: OrganizationDiff.Written, _ key: Key, _ api: GrafanaServerAPI
    ) async throws -> ReconcileResult {
        let work = OrganizationWork(api: api, mark: wanted.mark, temporaryName: wanted.temporaryName) { id in
            self.surroundings.tell(key.view, .organization(tenant: key.tenant, id))
        }
        let recorded = surroundings.recorded(key.view)[key.tenant]
        let (written, problem) = try await work.keep(wanted, recorded: recorded, written)
        surroundings.tell(key.view, .problem(tenant: key.tenant, problem))
        guard problem == nil else { return later(key, written) }
        let count = state.withLock { state in
            _ = state.worked(key, written, hasFailed: false)
            return state.count(of: key.view)
        }
        let interval = max(Self.interval, .seconds(count / Self.checksPerSecond))
        return .requeueAfter(interval + jitter(interval / 5))
    }

    private func takeBack(
        _ key: Key, isSure: Bool, _ server: GrafanaServer, _ api: GrafanaServerAPI
    ) async throws -> ReconcileResult {
        // A plan of the view may be older than the tenant.
        if !isSure, surroundings.isTenant(key.tenantKey, key.view) { return .done }
        if let id = surroundings.recorded(key.view)[key.tenant] {
            let mark = GrafanaMark(tenant: key.tenantKey, viewUID: server.viewUID, tenantUID: nil)
            let name = "tributary \(server.viewUID) \(key.tenantKey)"
            try await OrganizationWork(api: api, mark: mark, temporaryName: name) { _ in }.takeBack(recorded: id)
            surroundings.tell(key.view, .organization(tenant: key.tenant, nil))
            logger.info("deleted an organization in Grafana", metadata: ["organization": "\(key)", "id": "\(id)"])
        }
        return end(key)
    }

    /// Ends the work on an organization that is taken back.
    private func end(_ key: Key) -> ReconcileResult {
        surroundings.tell(key.view, .problem(tenant: key.tenant, nil))
        if state.withLock({ $0.tookBack(key) }) { surroundings.tell(key.view, .forgotten) }
        return .done
    }

    /// Tries again later: what is wrong is for a person to change.
    private func later(_ key: Key, _ written: OrganizationDiff.Written?) -> ReconcileResult {
        let failures = state.withLock { $0.worked(key, written, hasFailed: true) }
        let wait = min(Self.interval, .seconds(5) * (1 << min(failures, 10)))
        return .requeueAfter(wait + jitter(wait / 5))
    }

    // MARK: - The server

    private func works(_ view: ObjectKey) {
        let hadProblem = state.withLock { state in
            state.update(view) { view in
                defer { view.gate.succeed() }
                return view.gate.problem != nil
            } ?? false
        }
        if hadProblem { surroundings.tell(view, .server(nil)) }
    }

    private func fails(_ view: ObjectKey, _ outage: GrafanaOutage, _ server: GrafanaServer, startedAt: Duration) {
        // The password may have changed.
        if outage.problem.field?.hasPrefix("spec.grafana.api.adminSecretRef") == true {
            administrators.forget(server.secret)
        }
        let now = time.now()
        let isNew = state.withLock { state in
            state.update(view) { view in
                defer { view.gate.fail(outage.problem, startedAt: startedAt, now: now) }
                return view.gate.problem != outage.problem
            } ?? false
        }
        if isNew { surroundings.tell(view, .server(outage.problem)) }
    }

    private func jitter(_ most: Duration) -> Duration { most * time.random() }

    /// The URL without a slash at the end. Throws ``GrafanaOutage`` for one that holds more than a path.
    private static func base(_ url: String) throws -> String {
        do throws(KubeClientError) {
            return try ServerURL(url).description
        } catch {
            throw GrafanaOutage(
                "spec.grafana.api.url", reason: "GrafanaURLInvalid",
                "found a URL with a user, a password, a query or no host, expected one such as "
                    + "http://grafana.grafana.svc:3000")
        }
    }
}
