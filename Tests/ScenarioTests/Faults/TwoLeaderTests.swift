#if canImport(Glibc)
import Glibc
#endif
import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Two processes of which each believes that it leads.
    @Suite(
        "Two leaders",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .timeLimit(.minutes(5)))
    struct TwoLeaderTests {
        @Test(arguments: ClusterKind.available)
        func `Two operators that both lead agree, and do not fight`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario, as: try await scenario.ownInstallation()) { program in
                    let history = try await WriteHistory.record(scenario) { history in
                        let processes = [try program.start(scenario.election), try program.start([])]
                        try await scenario.applyReceivers("a", hashring: "default", 2)
                        try await scenario.applyView(replicationFactor: 2, Scenario.hashring("default", soft: true))
                        for round in 0..<4 {
                            try await scenario.applyTenant("tenant-\(round)")
                            try await scenario.scale("a", to: 3 + round)
                            try await scenario.hashrings.waitFor(OutageTests.hashring(3 + round))
                            try await scenario.waitForReady(Tenant.resource, "tenant-\(round)")
                            try await scenario.waitForReady(GlobalView.resource, "main")
                        }
                        try await history.settle(for: .seconds(3))
                        scenario.local?.clearRequests()
                        let settled = history.versions.count
                        try await Task.sleep(for: .seconds(5))
                        #expect(history.versions.count == settled, "\(history.versions.dropFirst(settled))")
                        #expect(scenario.processWrites == [])
                        for process in processes {
                            process.signal(SIGTERM)
                            try await waitUntil("an operator ends") { !process.isRunning }
                            #expect(process.exitStatus == 0, "\(process.log)")
                        }
                    }
                    #expect(history.faults(allowing: LeaderFaultTests.conditions) == [])
                    // Each object and each status takes some versions, and not the many of a fight.
                    let counts = Dictionary(grouping: history.versions, by: \.object).mapValues(\.count)
                    #expect(counts.values.allSatisfy { $0 <= 40 }, "\(counts)")
                    try await scenario.expectComplete(resources: 5)
                }
            }
        }
    }
}
