import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Only the lease holder writes.
    @Suite("Leader election", .timeLimit(.minutes(5))) struct LeaderTests {
        @Test(arguments: ClusterKind.available)
        func `Only one of two operators writes, and the other takes over when it ends`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                let (lease, cluster) = (scenario.electionLease, try await scenario.ownInstallation())
                let first = scenario.startOperator(userAgent: "first", as: cluster) { $0.lease = lease }
                try await waitUntil("the first operator leads") { try await scenario.holder(of: lease) == "first" }
                let second = scenario.startOperator(userAgent: "second", as: cluster) { $0.lease = lease }
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(second.writes == 0)

                try await scenario.stop(first)
                let writes = first.writes
                try await waitUntil("the second operator leads") { try await scenario.holder(of: lease) == "second" }
                try await scenario.applyTenant("tenant-b")
                try await scenario.scale("a", to: 3)
                try await scenario.waitForReady(Tenant.resource, "tenant-b")
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2")
                #expect(first.writes == writes)
                #expect(second.writes > 0)
                try await scenario.stop(second)
                #expect(try await scenario.holder(of: lease) == "")
                #expect(scenario.hashrings.all == [["default: a-0 a-1"], ["default: a-0 a-1 a-2"]])
            }
        }
    }
}
