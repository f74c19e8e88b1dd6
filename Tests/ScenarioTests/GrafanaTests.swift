import Kube
import KubeClient
import Logging
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The whole operator with a Grafana.
    @Suite("Grafana", .timeLimit(.minutes(5))) struct GrafanaTests {
        private static func applyView(_ scenario: Scenario, grafana url: String) async throws {
            let (user, password) = InstalledGrafana.administrator
            try await scenario.apply(
                .secrets, "grafana",
                [
                    "data": [
                        "admin-user": JSON(Base64.encode(user.utf8)),
                        "admin-password": JSON(Base64.encode(password.utf8)),
                    ]
                ])
            try await scenario.apply(
                GlobalView.resource, "main",
                [
                    "spec": [
                        "external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir/prometheus"],
                        "grafana": ["api": ["url": JSON(url), "adminSecretRef": ["name": "grafana"]]],
                    ]
                ])
        }

        @Test(arguments: ClusterKind.available)
        func `A Grafana that is away holds up nothing else, and the view and new tenants say so`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                let port = try freePort()
                try await Self.applyView(scenario, grafana: "http://127.0.0.1:\(port)")
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await waitUntil("the tenant says so") {
                    try await scenario.get(Tenant.resource, "tenant-a")?.json["status", "grafana", "problem"]?.string?
                        .contains("cannot connect") == true
                }
                try await waitUntil("an Event says so") {
                    try await !scenario.events("GrafanaUnavailable", about: "main").isEmpty
                }
                #expect(try await scenario.get(.configMaps, "tenant-a-datasource") == nil)
            }
        }

        @Test(
            .enabled("no Grafana: set GRAFANA_BIN and GRAFANA_HOME") { InstalledGrafana.found != nil },
            arguments: ClusterKind.available)
        func `A tenant gets an organization, and a restarted operator takes back that of a deleted tenant`(
            kind: ClusterKind
        ) async throws {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            let port = try freePort()
            let process = try #require(InstalledGrafana.found).start(in: directory, port: port)
            let client = KubeClient(try ClusterConfiguration(server: "http://127.0.0.1:\(port)"), logger: quiet)
            let administrator = InstalledGrafana.administrator
            func name(of organization: Int) async throws -> String? {
                let answer = try await client.callPlainly(
                    PlainCall(
                        "GET", "http://127.0.0.1:\(port)/api/orgs/\(organization)",
                        user: Redacted((name: administrator.user, password: administrator.password))),
                    within: .seconds(10), atMost: 1 << 20)
                return answer.status == 200 ? try JSON(parsing: answer.body)["name"]?.string : nil
            }
            var failure: (any Error)?
            do {
                try await waitUntil("Grafana answers") { (try? await name(of: 1)) != nil }
                try await Scenario.play(kind, startsOperator: false) { scenario in
                    let first = scenario.startOperator()
                    try await Self.applyView(scenario, grafana: "http://127.0.0.1:\(port)")
                    for tenant in ["tenant-a", "tenant-b"] { try await scenario.applyTenant(tenant) }
                    func organization(of tenant: String) async throws -> Int? {
                        try await scenario.get(Tenant.resource, tenant)?.json["status", "grafana", "organization"]?.int
                    }
                    let a = try await waitFor("tenant-a has an organization") {
                        try await organization(of: "tenant-a")
                    }
                    let b = try await waitFor("tenant-b has an organization") {
                        try await organization(of: "tenant-b")
                    }
                    try await waitUntil("they have their names") {
                        let names = try await [name(of: a), name(of: b)]
                        return names == ["tenant-a", "tenant-b"]
                    }
                    try await waitUntil("they are recorded") {
                        try await scenario.get(.configMaps, "main-grafana")?.json["data", "organizations.json"]?.string
                            == "{\"tenant-a\":\(a),\"tenant-b\":\(b)}"
                    }
                    try await scenario.stop(first)
                    try await scenario.client.delete(Tenant.resource, scenario.key("tenant-a"))
                    scenario.startOperator(userAgent: "second")
                    try await waitUntil("the organization is deleted") { try await name(of: a) == nil }
                    try await waitUntil("the record no longer has it") {
                        try await scenario.get(.configMaps, "main-grafana")?.json["data", "organizations.json"]?.string
                            == "{\"tenant-b\":\(b)}"
                    }
                    #expect(try await name(of: b) == "tenant-b")
                    try await scenario.client.delete(GlobalView.resource, scenario.key("main"))
                    try await waitUntil("the view's organizations are deleted") { try await name(of: b) == nil }
                }
            } catch {
                failure = error
            }
            await process.stop()
            await client.shutdown()
            if let failure { throw failure }
        }
    }
}
