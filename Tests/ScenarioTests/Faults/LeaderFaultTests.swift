#if canImport(Glibc)
import Glibc
#endif
import Kube
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Leaders that are killed or frozen while another process waits for the lease.
    @Suite(
        "Faults of the leader",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .timeLimit(.minutes(5)))
    struct LeaderFaultTests {
        enum Fault: String, CaseIterable, Sendable, CustomTestStringConvertible {
            case killed, frozen
            var signal: Int32 { self == .killed ? SIGKILL : SIGSTOP }
            var testDescription: String { rawValue }
        }

        /// What is true of custom resources in between.
        static let conditions: Set<String> = [
            "True Ready", "False MembersPending", "False Creating", "False WaitingForPods",
        ]

        @Test(arguments: ClusterKind.available, Fault.allCases)
        func `A leader that is killed or frozen after any of its writes is followed by another, and writes no more`(
            kind: ClusterKind, fault: Fault
        ) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario, as: try await scenario.ownInstallation()) { program in
                    try await scenario.applyReceivers("a", hashring: "default", 2)
                    try await scenario.applyView(Scenario.hashring("default", soft: true))
                    var leader = try program.start(scenario.election)
                    var identity = try await scenario.waitForLeader()
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    var replicas = 2
                    let history = try await WriteHistory.record(scenario) { history in
                        for write in [1, 2, 4, 6] {
                            let follower = try program.start(scenario.election)
                            try await waitUntil("the follower has started") { follower.log.contains("starting") }
                            let trigger = WriteTrigger(write) { [leader] in leader.signal(fault.signal) }
                            trigger.arm(scenario, history)
                            try await scenario.applyTenant("tenant-\(write)")
                            while !trigger.hasFired {
                                replicas += 1
                                try await scenario.scale("a", to: replicas)
                                _ = try? await waitUntil("", within: .seconds(2)) { trigger.hasFired }
                            }
                            trigger.disarm(scenario, history)
                            // What the leader knows is out of date from here on.
                            replicas += 1
                            try await scenario.scale("a", to: replicas)
                            identity = try await scenario.waitForLeader(otherThan: identity)
                            try await scenario.hashrings.waitFor(OutageTests.hashring(replicas))
                            try await scenario.waitForReady(Tenant.resource, "tenant-\(write)")
                            if fault == .frozen { try await Self.expectNoWrite(of: leader, scenario, history) }
                            leader = follower
                        }
                        leader.signal(SIGTERM)
                        try await waitUntil("the leader ends") { !leader.isRunning }
                        #expect(leader.exitStatus == 0, "\(leader.log)")
                    }
                    #expect(history.faults(allowing: Self.conditions) == [])
                    try await scenario.expectComplete(resources: 5)
                }
            }
        }

        /// Lets a frozen process go on once its successor has nothing to do, and expects that it ends without a write.
        private static func expectNoWrite(
            of leader: ChildProcess, _ scenario: Scenario, _ history: WriteHistory
        ) async throws {
            try await history.settle()
            let before = history.versions
            scenario.local?.clearRequests()
            leader.signal(SIGCONT)
            try await waitUntil("the process that was frozen ends", within: .seconds(20)) { !leader.isRunning }
            #expect(leader.exitStatus != 0)
            #expect(leader.log.contains("was lost"), "\(leader.log)")
            #expect(scenario.processWrites == [])
            #expect(history.versions == before)
        }
    }
}

/// Does something at the n-th write: in a local cluster as the request comes in, else when a watch shows it.
final class WriteTrigger: Sendable {
    private let left: Locked<Int>
    private let action: @Sendable () -> Void

    init(_ write: Int, _ action: @escaping @Sendable () -> Void) {
        left = Locked(write)
        self.action = action
    }

    var hasFired: Bool { left.withLock { $0 <= 0 } }

    private func count() {
        let isDue = left.withLock { left in
            left -= 1
            return left == 0
        }
        if isDue { action() }
    }

    func arm(_ scenario: Scenario, _ history: WriteHistory) {
        guard let local = scenario.local else {
            history.onWrite = { self.count() }
            return
        }
        local.faults = { request in
            if request.userAgent.hasPrefix("tributary/"), ["apply", "create", "delete"].contains(request.verb),
                !request.resource.hasPrefix("leases"), !request.resource.hasPrefix("events")
            {
                self.count()
            }
            return nil
        }
    }

    func disarm(_ scenario: Scenario, _ history: WriteHistory) {
        scenario.local?.faults = nil
        history.onWrite = nil
    }
}
