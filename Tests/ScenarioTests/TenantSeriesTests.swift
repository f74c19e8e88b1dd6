import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Whether the series of tenants arrive: the whole operator, and a query API that answers as Prometheus does.
    @Suite("Series of tenants", .timeLimit(.minutes(3))) struct TenantSeriesTests {
        /// A query API for a test.
        private final class QueryAPI: Sendable {
            /// The tenants that send, and how old their newest sample is in seconds.
            let tenants = Locked<[String: Int64]>([:])

            func start() async throws -> ScriptedServer {
                try await ScriptedServer.start { [tenants] request, reply in
                    let now = Timestamp.now.seconds
                    let samples = tenants.withLock { $0 }.flatMap { id, age -> [JSON] in
                        [("series", 1200), ("last", now - age)].map { figure, value in
                            [
                                "metric": ["tenant": JSON(id), "tributary_figure": JSON(figure)],
                                "value": [.int(now), JSON("\(value)")],
                            ]
                        }
                    }
                    try await reply.json([
                        "status": "success", "data": ["resultType": "vector", "result": .array(samples)],
                    ])
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A tenant says whether its series arrive, and many tenants cost one question and no idle write`(
            kind: ClusterKind
        ) async throws {
            let api = QueryAPI()
            let server = try await api.start()
            do {
                try await Scenario.play(kind, startsOperator: false) { scenario in
                    let running = scenario.startOperator { $0.deliveryInterval = .milliseconds(600) }
                    try await scenario.apply(
                        GlobalView.resource, "main",
                        [
                            "spec": [
                                "external": [
                                    "writeURL": JSON("\(server.url)/api/v1/push"), "queryURL": JSON(server.url),
                                ]
                            ]
                        ])
                    let names = (0..<10).map { "tenant-\($0)" }
                    for name in names { try await scenario.applyTenant(name) }
                    func receiving(_ name: String) async throws -> String? {
                        Scenario.condition("Receiving", of: try await scenario.get(Tenant.resource, name))
                    }
                    // The newest sample of one is old from the start, so that it counts as silent once it is missing.
                    api.tenants.withLock {
                        $0 = Dictionary(uniqueKeysWithValues: names.map { ($0, $0 == "tenant-3" ? 700 : 1) })
                    }
                    for name in names {
                        try await waitUntil("the series of \(name) arrive") {
                            try await receiving(name) == "True SamplesArrive"
                        }
                    }
                    let found = try #require(try await scenario.get(Tenant.resource, "tenant-0"))
                    #expect(found.json["status", "received"] == ["series": 1000, "lastSample": "now"])

                    // Nothing happens: once the last status is written, it is asked, and nothing is written.
                    try await waitUntil("it is asked ten times and writes nothing") {
                        let (asked, written) = (server.requests.count, running.writes)
                        try await waitUntil("it has been asked ten times") { server.requests.count >= asked + 10 }
                        return running.writes == written
                    }
                    #expect(server.requests.allSatisfy { $0.path == "/api/v1/query" })

                    // One ceases to send.
                    _ = api.tenants.withLock { $0.removeValue(forKey: "tenant-3") }
                    try await waitUntil("tenant-3 is silent") { try await receiving("tenant-3") == "False Silent" }
                    #expect(try await receiving("tenant-4") == "True SamplesArrive")
                    let silent = try #require(try await scenario.get(Tenant.resource, "tenant-3"))
                    #expect(silent.json["status", "received", "series"] == 0)
                    #expect(silent.json["status", "received", "lastSample"]?.string.flatMap { Timestamp($0) } != nil)
                }
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }
}
