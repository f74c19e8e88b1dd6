#if canImport(Glibc)
import Glibc
#endif
import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// A machine whose clock is set while the operator leads.
    @Suite(
        "Clocks that jump",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .enabled(if: FakeClock.isPossible, "clang is not found, which compiles the clock"),
        .timeLimit(.minutes(5)))
    struct ClockTests {
        @Test(arguments: ClusterKind.available)
        func `A leader whose clock jumps by an hour keeps its lease, and writes nothing because of it`(
            kind: ClusterKind
        ) async throws {
            let clock = try await FakeClock()
            defer { clock.remove() }
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario, as: try await scenario.ownInstallation()) { program in
                    try await OutageTests.apply(scenario)
                    let leader = try program.start(scenario.election, environment: clock.environment)
                    let identity = try await scenario.waitForLeader()
                    let follower = try program.start(scenario.election)
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    try await scenario.waitForReady(Tenant.resource, "tenant-a")
                    let history = try await WriteHistory.record(scenario) { history in
                        // The certificates of a real API server are younger than an hour.
                        let hours = kind == .local ? [1, 0, -1, 0] : [1, 0]
                        for (round, hour) in hours.enumerated() {
                            try await history.settle()
                            let before = history.versions.count
                            try clock.set(ahead: hour * 3600)
                            // Longer than the lease lasts.
                            try await Task.sleep(for: .seconds(7))
                            #expect(history.versions.count == before, "\(history.versions.dropFirst(before))")
                            #expect(try await scenario.holder(of: scenario.electionLease) == identity)
                            // What is asked for from now on is done as before.
                            try await scenario.applyTenant("tenant-\(round)")
                            try await scenario.waitForReady(Tenant.resource, "tenant-\(round)")
                            let tenant = try await scenario.get(Tenant.resource, "tenant-\(round)")
                            #expect(try Self.hoursAhead(tenant) == hour)
                        }
                    }
                    #expect(leader.isRunning && follower.isRunning)
                    #expect(history.faults(allowing: LeaderFaultTests.conditions) == [])
                    #expect(scenario.hashrings.all == [[OutageTests.hashring(3)]])
                    await leader.stop()
                    await follower.stop()
                    try await scenario.expectComplete(resources: 4)
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A clock that is ahead makes what waits for a time happen earlier, and nothing else`(kind: ClusterKind)
            async throws
        {
            let clock = try await FakeClock()
            defer { clock.remove() }
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario, as: try await scenario.ownInstallation()) { program in
                    try await Self.setUp(scenario)
                    _ = try program.start([], environment: clock.environment)
                    try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                    try clock.set(ahead: 3600)
                    // It looks again when something happens: the receiver that is not ready is over its 30 minutes.
                    try await scenario.scale("a", to: 4)
                    try await scenario.hashrings.waitFor("default: a-0 a-2 a-3")
                    try clock.set(ahead: 0)
                    try await scenario.scale("a", to: 5)
                    try await scenario.hashrings.waitFor("default: a-0 a-2 a-3 a-4")
                    scenario.workloads.set("a-1", ready: true)
                    try await scenario.hashrings.waitFor(OutageTests.hashring(5))
                    try await scenario.waitForReady(GlobalView.resource, "main")
                }
            }
        }

        /// Receivers of which one is not ready, and would leave the hashring in half an hour.
        private static func setUp(_ scenario: Scenario) async throws {
            try await scenario.applyReceivers("a", hashring: "default", 3)
            try await scenario.applyView(
                replicationFactor: 2, Scenario.hashring("default", soft: true, ["leaveAfter": "30m"]))
            try await scenario.applyTenant("tenant-a")
            let first = scenario.startOperator()
            try await scenario.waitForReady(GlobalView.resource, "main")
            scenario.workloads.set("a-1", ready: false, since: .now)
            try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
            try await scenario.stop(first)
        }

        /// How far ahead the clock was by which a status was written.
        private static func hoursAhead(_ object: Object?) throws -> Int {
            let text = object?.json["status", "conditions"]?[0]?["lastTransitionTime"]?.string
            let time = try #require(text.flatMap { Timestamp($0) })
            return Int((Double(time.seconds - Timestamp.now.seconds) / 3600).rounded())
        }
    }
}
