#if canImport(Glibc)
import Glibc
#endif
import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The operator as a process, as it runs in a pod.
    @Suite(
        "The operator's process",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .timeLimit(.minutes(5)))
    struct ProcessTests {
        @Test(arguments: ClusterKind.available)
        func `SIGTERM stops the operator cleanly and releases the lease`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario) { program in
                    let lease = try await scenario.installedLease()
                    let port = try freePort()
                    let process = try program.start([
                        "--leader-elect", "--leader-election-namespace", lease.namespace, "--metrics-bind-address",
                        "127.0.0.1:\(port)",
                    ])
                    try await scenario.applyReceivers("a", hashring: "default", 2)
                    try await scenario.applyView(Scenario.hashring("default", soft: true))
                    try await scenario.applyTenant("tenant-a")
                    try await scenario.waitForReady(Tenant.resource, "tenant-a")
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    #expect(try await scenario.holder(of: lease)?.isEmpty == false)
                    let url = "http://127.0.0.1:\(port)"
                    #expect(try await curl(["\(url)/readyz"]).code == 200)
                    let metrics = try await curl(["\(url)/metrics"]).body
                    #expect(metrics.contains("controller_runtime_reconcile_total"))
                    #expect(!metrics.contains("code=\"403\""))

                    process.signal(SIGTERM)
                    try await waitUntil("the operator ends") { !process.isRunning }
                    #expect(process.exitStatus == 0, "\(process.log)")
                    #expect(try await scenario.holder(of: lease) == "")
                    #expect(process.log.contains("stopped"))
                    #expect(!process.log.contains("level=error"), "\(process.log)")
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An operator that is killed at any point writes nothing wrong, and continues after a restart`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario) { program in
                    try await scenario.applyReceivers("a", hashring: "default", 2)
                    try await scenario.applyView(replicationFactor: 2, Scenario.hashring("default", soft: true))
                    for round in 0..<5 {
                        let process = try program.start([])
                        try await scenario.applyTenant("tenant-\(round)")
                        try await scenario.scale("a", to: 3 + round)
                        // Kill it anywhere between its first request and its last one.
                        try await Task.sleep(for: .milliseconds(Int.random(in: 20...500)))
                        process.signal(SIGKILL)
                        try await waitUntil("the operator is dead") { !process.isRunning }
                    }
                    let process = try program.start([])
                    // The last process always has something to do, however far the others got.
                    try await scenario.applyTenant("tenant-5")
                    try await scenario.hashrings.waitFor("default: a-0 a-1 a-2 a-3 a-4 a-5 a-6")
                    for round in 0...5 { try await scenario.waitForReady(Tenant.resource, "tenant-\(round)") }
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    #expect(try await scenario.made().count == 6 * 3 + 1)
                    OutageTests.expectGrowth(scenario, from: 2)
                    process.signal(SIGTERM)
                    try await waitUntil("the operator ends") { !process.isRunning }
                    #expect(process.exitStatus == 0, "\(process.log)")
                }
            }
        }
    }
}
