import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput
import TestSupport

@testable import Operator

/// A keeper of organizations around a snapshot of its own, in which 300 seconds pass in one.
final class GrafanaSetting: Sendable {
    static let view = ObjectKey(namespace: "o", name: "main")

    let keeper: GrafanaKeeper
    let log = Locked<[String]>([])
    private let snapshot: Locked<Snapshot>
    private let secret: Locked<JSON?>
    private let server: Locked<GrafanaServer>
    private let client: KubeClient
    private let task = Locked<Task<Void, Never>?>(nil)

    /// `patience` is how long an answer of Grafana may take.
    init(
        url: String, user: String = "root", password: String, viewUID: String = "v1", patience: Duration = .seconds(2)
    ) throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let snapshot = Locked(Snapshot(now: .now))
        let client = KubeClient(try ClusterConfiguration(server: "http://127.0.0.1:1"), logger: logger)
        let secret = Locked<JSON?>([
            "admin-user": JSON(Base64.encode(user.utf8)), "admin-password": JSON(Base64.encode(password.utf8)),
        ])
        self.secret = secret
        self.snapshot = snapshot
        self.client = client
        server = Locked(
            GrafanaServer(
                url: url, secret: ObjectKey(namespace: "o", name: "grafana"), userKey: "admin-user",
                passwordKey: "admin-password", viewUID: viewUID))
        let real = TimeSource.system
        let time = TimeSource(now: { real.now() * 300 }, sleep: { try await real.sleep($0 / 300) })
        let log = log
        keeper = GrafanaKeeper(
            logger: logger, time: time,
            GrafanaKeeper.Surroundings(
                mayWrite: { true },
                secret: { key in
                    secret.withLock { $0 }.map { Object(.secrets, namespace: "o", name: key.name, ["data": $0]) }
                },
                exchange: { call in
                    try await client.callPlainly(call, within: patience, atMost: GrafanaServerAPI.mostBytes)
                },
                recorded: { view in snapshot.withLock { $0.grafanaOrganizations(of: view) } },
                isTenant: { _, _ in false },
                tell: { view, finding in
                    log.withLock { $0.append("\(finding)") }
                    snapshot.withLock { _ = $0.take(.grafana(view, finding)) }
                }))
    }

    func start() {
        let keeper = keeper
        task.withLock { $0 = Task { await keeper.run() } }
        follow()
    }

    func stop() async {
        let task = task.withLock { $0.take() }
        task?.cancel()
        await task?.value
        await client.shutdown()
    }

    /// Hands over the plan of the view.
    func follow(_ change: (inout GrafanaServer) -> Void = { _ in }) {
        var plan = Plan()
        plan.grafana = .server(
            server.withLock { server in
                change(&server)
                return server
            })
        keeper.follow(.globalView(Self.view), plan)
    }

    /// Replaces the Secret's data.
    func set(secret data: JSON?) { secret.withLock { $0 = data } }

    /// Hands over the plan of a tenant.
    func want(
        _ tenant: String, name: String? = nil, url: String = "http://127.0.0.1:1", token: String? = nil,
        members: [String: String]? = nil, limits: DashboardLimits = DashboardLimits()
    ) {
        var plan = Plan()
        var settings: JSON = ["httpMethod": "POST"]
        if token != nil { settings["httpHeaderName1"] = "Authorization" }
        let key = ObjectKey(namespace: "o", name: tenant)
        plan.grafana = .organization(
            GrafanaOrganization(
                view: Self.view, name: name ?? tenant,
                mark: GrafanaMark(tenant: key, viewUID: server.withLock { $0.viewUID }, tenantUID: "uid-\(tenant)"),
                datasource: GrafanaOrganization.Datasource(
                    uid: "tributary-o-\(tenant)", name: name ?? tenant, url: url, settings: settings,
                    token: token.map { HiddenText($0) }),
                members: members, limits: limits))
        keeper.follow(.tenant(key), plan)
    }

    func organization(of tenant: String) -> Int? {
        snapshot.withLock { $0.grafanaOrganizations(of: Self.view)[tenant] }
    }
    func problem(of tenant: String) -> GrafanaProblem? {
        snapshot.withLock { $0.grafanaProblem(of: ObjectKey(namespace: "o", name: tenant), in: Self.view) }
    }
    var serverProblem: GrafanaProblem? { snapshot.withLock { $0.grafana[Self.view]?.server } }
    /// Takes over what an earlier process has recorded.
    func record(_ organizations: [String: Int]) {
        for (tenant, id) in organizations {
            snapshot.withLock { _ = $0.take(.grafana(Self.view, .organization(tenant: tenant, id))) }
        }
    }
}
