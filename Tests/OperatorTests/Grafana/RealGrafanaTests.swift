import Kube
import KubeClient
import Logging
import Planning
import PlanningInput
import TestSupport
import Testing

@testable import Operator

/// The keeper against a real Grafana, and a real Prometheus behind its datasources.
@Suite(
    "A real Grafana", .serialized, .timeLimit(.minutes(5)),
    .enabled("no Grafana: set GRAFANA_BIN and GRAFANA_HOME") { InstalledGrafana.found != nil })
struct RealGrafanaTests {
    /// A running Grafana, and what a person may do with it.
    final class Running: Sendable {
        let directory: TemporaryDirectory
        let url: String
        let port: Int
        private let process: Locked<ChildProcess>
        private let client: KubeClient

        init() async throws {
            directory = try TemporaryDirectory()
            port = try freePort()
            url = "http://127.0.0.1:\(port)"
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            client = KubeClient(try ClusterConfiguration(server: url), logger: logger)
            let installed = try #require(InstalledGrafana.found)
            process = Locked(try installed.start(in: directory, port: port))
            try await ready()
        }

        func ready() async throws {
            try await waitUntil("Grafana answers", within: .seconds(60)) {
                (try? await self.call("GET", "/api/health"))?["database"] == "ok"
            }
        }

        func stopProcess() async { await process.withLock { $0 }.stop() }

        func startAgain() async throws {
            let installed = try #require(InstalledGrafana.found)
            let new = try installed.start(in: directory, port: port)
            process.withLock { $0 = new }
            try await ready()
        }

        func stop() async {
            await stopProcess()
            await client.shutdown()
            directory.remove()
        }

        /// Calls Grafana as a person. Returns null for an error.
        @discardableResult
        func call(
            _ method: String, _ path: String, in organization: Int? = nil, as user: String? = nil, _ body: JSON? = nil
        ) async throws -> JSON {
            let (name, password) = InstalledGrafana.administrator
            let answer = try await client.callPlainly(
                PlainCall(
                    method, url + path, user: Redacted((user ?? name, user == nil ? password : "passw0rd")),
                    headers: organization.map { [("X-Grafana-Org-Id", "\($0)")] } ?? [], body: body?.encoded()),
                within: .seconds(60), atMost: 4 << 20)
            return (200..<300).contains(answer.status) ? try JSON(parsing: answer.body) : .null
        }

        func addUser(_ login: String) async throws {
            try await call(
                "POST", "/api/admin/users",
                ["login": JSON(login), "email": JSON("\(login)@example.org"), "password": "passw0rd"])
        }

        /// The members of an organization, such as `al Viewer`.
        func members(of organization: Int) async throws -> [String] {
            let users = try await call("GET", "/api/orgs/\(organization)/users").array ?? []
            return users.map { "\($0["login"]?.string ?? "") \($0["role"]?.string ?? "")" }.sorted()
        }

        func name(of organization: Int?) async throws -> String? {
            guard let organization else { return nil }
            return try await call("GET", "/api/orgs/\(organization)")["name"]?.string
        }
    }

    private func play(_ body: (Running, GrafanaSetting) async throws -> Void) async throws {
        let grafana = try await Running()
        let setting = try GrafanaSetting(url: grafana.url, password: InstalledGrafana.administrator.password)
        setting.start()
        do {
            try await body(grafana, setting)
        } catch {
            await setting.stop()
            await grafana.stop()
            throw error
        }
        await setting.stop()
        let told = setting.log.withLock { $0 }.joined()
        #expect(!told.contains(InstalledGrafana.administrator.password))
        await grafana.stop()
    }

    @Test func `Each tenant gets an organization with a datasource that answers, a folder and a dashboard`()
        async throws
    {
        let token = "read-token-of-acme"
        // In front of Prometheus, as the gateway: who has no token gets 401.
        let prometheus = try await ScriptedServer.start { request, reply in
            guard request.header("Authorization") == "Bearer \(token)" else { return try await reply.respond(401) }
            let result: JSON = ["metric": ["job": "a"], "value": [1, "42"]]
            try await reply.json(["status": "success", "data": ["resultType": "vector", "result": [result]]])
        }
        try await play { grafana, setting in
            setting.want("acme", name: "Acme Ltd. / Ü", url: prometheus.url, token: token)
            setting.want("beta", url: prometheus.url, token: "wrong")
            let (acme, beta) = try await (made(setting, "acme"), made(setting, "beta"))
            try await waitUntil("the organization has its name") {
                try await grafana.name(of: acme) == "Acme Ltd. / Ü"
            }
            try await waitUntil("the dashboard is there") {
                try await grafana.call("GET", "/api/dashboards/uid/tributary-tenant", in: acme)["meta", "folderTitle"]
                    == "Tributary"
            }
            func query(_ organization: Int) async throws -> JSON {
                let list = try await grafana.call("GET", "/api/datasources", in: organization).array ?? []
                #expect(list.count == 1)
                let id = list.first?["id"]?.int ?? 0
                return try await grafana.call(
                    "GET", "/api/datasources/proxy/\(id)/api/v1/query?query=up", in: organization)
            }
            #expect(try await query(acme)["data", "result"]?[0]?["value"]?[1] == "42")
            try await waitUntil("the other datasource is there") {
                try await grafana.call("GET", "/api/datasources", in: beta).array?.count == 1
            }
            #expect(try await query(beta) == .null, "a wrong token is refused")
            // A new token arrives although Grafana does not show secret fields.
            // Grafana tells the states of a datasource apart by the second of the change.
            try await Task.sleep(for: .milliseconds(1100))
            setting.want("beta", url: prometheus.url, token: token)
            try await waitUntil("the new token is used") {
                try await query(beta)["data", "result"]?[0]?["value"]?[1] == "42"
            }
        }
        await prometheus.stop()
    }

    private func made(_ setting: GrafanaSetting, _ tenant: String) async throws -> Int {
        try await waitFor("\(tenant) has an organization", within: .seconds(60)) {
            setting.organization(of: tenant)
        }
    }

    @Test func `Members get their roles, others are removed, and a login that does not exist is named`() async throws {
        try await play { grafana, setting in
            for login in ["al", "bo", "cy"] { try await grafana.addUser(login) }
            setting.want("acme", members: ["al": "Viewer", "bo@example.org": "Editor"])
            let id = try await made(setting, "acme")
            try await waitUntil("the members are there") {
                try await grafana.members(of: id) == ["al Viewer", "bo Editor", "root Admin"]
            }
            setting.want("acme", members: ["bo": "Viewer", "nobody": "Viewer", "cy": "Admin"])
            try await waitUntil("the members are others") {
                try await grafana.members(of: id) == ["bo Viewer", "cy Admin", "root Admin"]
            }
            try await waitUntil("the unknown login is named") { setting.problem(of: "acme") != nil }
            #expect(
                setting.problem(of: "acme")?.text
                    == "spec.grafana.members: Grafana has no user \"nobody\"; expected the login or the email address "
                    + "of a user who exists")
            // Once the user exists, the next try adds it.
            try await grafana.addUser("nobody")
            try await waitUntil("the user is added") {
                try await grafana.members(of: id).contains("nobody Viewer")
            }
            try await waitUntil("there is no problem") { setting.problem(of: "acme") == nil }
            // Without a list, members stay as they are.
            setting.want("acme", members: nil, limits: DashboardLimits(headSeries: 5))
            try await grafana.call("POST", "/api/orgs/\(id)/users", ["loginOrEmail": "al", "role": "Editor"])
            try await waitUntil("the limit is drawn") {
                let board = try await grafana.call("GET", "/api/dashboards/uid/tributary-tenant", in: id)
                return board.text().contains("vector(5)")
            }
            #expect(try await grafana.members(of: id).contains("al Editor"))
        }
    }

    @Test func `What somebody changes is changed back, and what somebody deletes is made anew`() async throws {
        try await play { grafana, setting in
            setting.want("acme")
            let id = try await made(setting, "acme")
            func datasource() async throws -> JSON {
                try await grafana.call("GET", "/api/datasources/uid/tributary-o-acme", in: id)
            }
            func dashboard() async throws -> JSON {
                try await grafana.call("GET", "/api/dashboards/uid/tributary-tenant", in: id)["dashboard"] ?? .null
            }
            try await waitUntil("all is there") { try await dashboard()["title"] == "Tenant: what arrives" }

            try await grafana.call("PUT", "/api/orgs/\(id)", ["name": "renamed by hand"])
            try await waitUntil("it has its name again") { try await grafana.name(of: id) == "acme" }

            var edited = try await datasource()
            edited["url"] = "http://elsewhere"
            try await grafana.call("PUT", "/api/datasources/\(edited["id"]?.int ?? 0)", in: id, edited)
            try await waitUntil("it has its URL again") { try await datasource()["url"] == "http://127.0.0.1:1" }
            try await grafana.call("DELETE", "/api/datasources/\(edited["id"]?.int ?? 0)", in: id)
            try await waitUntil("it is made anew") { try await datasource()["url"] == "http://127.0.0.1:1" }

            var board = try await dashboard()
            board["title"] = "Mine"
            try await grafana.call("POST", "/api/dashboards/db", in: id, ["dashboard": board, "overwrite": true])
            try await waitUntil("it has its title again") { try await dashboard()["title"] == "Tenant: what arrives" }
            try await grafana.call("DELETE", "/api/folders/tributary-folder", in: id)
            try await waitUntil("folder and dashboard are made anew") {
                try await dashboard()["title"] == "Tenant: what arrives"
            }

            try await grafana.call("DELETE", "/api/orgs/\(id)")
            try await waitUntil("the organization is made anew", within: .seconds(60)) {
                let new = setting.organization(of: "acme")
                let name = try await grafana.name(of: new)
                return new != id && name == "acme"
            }
        }
    }

    @Test func `An organization that others created is not touched, and the tenant's problem names it`() async throws {
        try await play { grafana, setting in
            let foreign = try await grafana.call("POST", "/api/orgs", ["name": "acme"])["orgId"]?.int ?? 0
            // A Grafana whose database was lost gives the recorded ID to an organization of somebody else.
            setting.record(["acme": foreign])
            setting.want("acme")
            try await waitUntil("the problem is told") { setting.problem(of: "acme") != nil }
            #expect(setting.problem(of: "acme")?.reason == "GrafanaOrganizationTaken")
            #expect(setting.problem(of: "acme")?.message.contains("Grafana has an organization \"acme\"") == true)
            setting.want("acme", name: "acme-2")
            try await waitUntil("it has one of its own") { setting.organization(of: "acme") != foreign }
            try await waitUntil("it has its name") {
                try await grafana.name(of: setting.organization(of: "acme")) == "acme-2"
            }
            #expect(try await grafana.name(of: foreign) == "acme")
            #expect(try await grafana.call("GET", "/api/datasources", in: foreign).array == [])
        }
    }

    @Test func `What was made is taken back with the tenant and with the view, and nothing else`() async throws {
        try await play { grafana, setting in
            let foreign = try await grafana.call("POST", "/api/orgs", ["name": "others"])["orgId"]?.int ?? 0
            for tenant in ["acme", "beta", "gamma"] { setting.want(tenant) }
            let (acme, beta) = try await (made(setting, "acme"), made(setting, "beta"))
            let gamma = try await made(setting, "gamma")
            try await waitUntil("all have their names") {
                for (id, name) in [(acme, "acme"), (beta, "beta"), (gamma, "gamma")] {
                    guard try await grafana.name(of: id) == name else { return false }
                }
                return true
            }
            setting.follow { $0.abandoned = ["acme"] }
            try await waitUntil("the organization is deleted") { try await grafana.name(of: acme) == nil }
            try await waitUntil("that is told") { setting.organization(of: "acme") == nil }
            #expect(try await grafana.name(of: beta) == "beta")
            setting.keeper.forget(.globalView(GrafanaSetting.view))
            try await waitUntil("all are deleted") {
                let (first, second) = try await (grafana.name(of: beta), grafana.name(of: gamma))
                return first == nil && second == nil
            }
            #expect(try await grafana.name(of: foreign) == "others")
            #expect(try await grafana.name(of: 1) == "Main Org.")
        }
    }

    @Test func `Another process finds what was made, also without a record`() async throws {
        try await play { grafana, setting in
            setting.want("acme")
            let id = try await made(setting, "acme")
            try await waitUntil("it has its name") { try await grafana.name(of: id) == "acme" }
            await setting.stop()
            let next = try GrafanaSetting(url: grafana.url, password: InstalledGrafana.administrator.password)
            next.start()
            next.want("acme")
            try await waitUntil("it is found") { next.organization(of: "acme") == id }
            await next.stop()
            // A tenant that was deleted while no process ran.
            let last = try GrafanaSetting(url: grafana.url, password: InstalledGrafana.administrator.password)
            last.record(["acme": id])
            last.start()
            last.follow { $0.abandoned = ["acme"] }
            try await waitUntil("it is deleted") { try await grafana.name(of: id) == nil }
            await last.stop()
        }
    }

    @Test func `A Grafana that stops is a problem of the view, and is used again when it is back`() async throws {
        try await play { grafana, setting in
            setting.want("acme")
            _ = try await made(setting, "acme")
            await grafana.stopProcess()
            setting.want("beta")
            try await waitUntil("the problem is told") { setting.serverProblem?.reason == "GrafanaUnavailable" }
            try await grafana.startAgain()
            _ = try await made(setting, "beta")
            try await waitUntil("there is no problem") { setting.serverProblem == nil }
        }
    }
}
