import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// What a running program tells those who look for a fault.
    @Suite("Looking into the operator", .enabled(if: Program.path != nil), .timeLimit(.minutes(3)))
    struct InspectionTests {
        @Test func `Log lines of a reconcile share an id, and the queue and the watches are shown if asked for`()
            async throws
        {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                try await Program.with(scenario) { program in
                    let port = try freePort()
                    let operation = try program.start([
                        "--no-leader-elect", "--debug", "--log-format", "logfmt", "--metrics-bind-address",
                        "127.0.0.1:\(port)",
                    ])
                    try await scenario.applyReceivers("receive-rest", hashring: "rest", 2)
                    try await scenario.applyView(Scenario.hashring("rest", soft: true))
                    try await scenario.applyTenant("tenant-a")
                    try await scenario.waitForReady(Tenant.resource, "tenant-a")

                    let place = scenario.namespace
                    let applied = operation.log.split(separator: "\n").filter { $0.contains("msg=applied") }
                    #expect(applied.count >= 3, "\(operation.log)")
                    var keys: [Substring: Set<Substring>] = [:]
                    for line in applied {
                        let found = try #require(
                            line.firstMatch(of: /key="([^"]+)".* reconcile_id=([0-9a-f]{16})/), "\(line)")
                        keys[found.output.2, default: []].insert(found.output.1)
                    }
                    #expect(keys.values.allSatisfy { $0.count == 1 }, "one id is of one key: \(keys)")
                    #expect(keys.values.contains(["Tenant \(place)/tenant-a"]))

                    let probe = KubeClient(try ClusterConfiguration(server: "http://127.0.0.1:\(port)"), logger: quiet)
                    let state = try JSON(parsing: try await probe.raw(method: "GET", path: "/debug/state").body)
                    #expect(state["objects", "tenants"] == 1 && state["objects", "areAllListed"] == true)
                    let watches = state["watches"]?.array ?? []
                    #expect(watches.count > 10 && watches.contains { $0["state"] == "watching" })
                    #expect(state["queue", "ready"]?.int != nil && state["queue", "failing"] == [])
                    // Only what was asked for.
                    #expect(try await probe.raw(method: "GET", path: "/topology").status == 404)
                    await probe.shutdown()

                    let drawn = try program.start(["-o", "json"], command: "graph")
                    try await waitUntil("it has drawn") { !drawn.isRunning }
                    let topology = try JSON(parsing: drawn.log)
                    #expect(topology["tenants"]?[0]?["health"] == "ok" && topology["tenants"]?[0]?["ring"] == "rest")
                    let receivers = topology["views"]?[0]?["rings"]?[0]?["receivers", "first"]?.array ?? []
                    #expect(receivers.map { $0["name"]?.string } == ["receive-rest-0", "receive-rest-1"])
                }
            }
        }
    }
}
