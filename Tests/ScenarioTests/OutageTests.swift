import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Failures of the API server. The operator recovers by itself, and never publishes an incomplete file.
    @Suite("Outages of the API server", .timeLimit(.minutes(5))) struct OutageTests {
        @Test func `The operator continues when the API server comes back`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                for replicas in 4...5 {
                    await local.stop()
                    // Long enough for the first attempts to fail.
                    try await Task.sleep(for: .milliseconds(300))
                    try await local.start()
                    try await scenario.scale("a", to: replicas)
                    try await scenario.hashrings.waitFor(Self.hashring(replicas))
                }
                try await scenario.waitForReady(GlobalView.resource, "main")
                Self.expectGrowth(scenario, from: 3)
            }
        }

        @Test func `The operator misses no change while its watches break`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                for replicas in 4...8 {
                    try await scenario.scale("a", to: replicas)
                    local.dropWatches()
                    try await scenario.hashrings.waitFor(Self.hashring(replicas))
                }
                Self.expectGrowth(scenario, from: 3)
            }
        }

        @Test func `The operator catches up after the history is compacted while it is disconnected`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                local.faults = { $0.userAgent == "tributary" ? .dropConnection : nil }
                local.dropWatches()
                try await scenario.scale("a", to: 5)
                try await scenario.applyTenant("tenant-b")
                try await waitUntil("the new pods are ready") {
                    (3...4).allSatisfy { scenario.workloads.isReady("a-\($0)") }
                }
                scenario.workloads.set("a-0", ready: false, since: .now)
                local.compact()
                local.clearRequests()
                local.faults = nil
                try await scenario.hashrings.waitFor(Self.hashring(5))
                try await scenario.waitForReady(Tenant.resource, "tenant-b")
                #expect(
                    local.requests.contains { $0.userAgent == "tributary" && $0.query["sendInitialEvents"] == "true" })
                Self.expectGrowth(scenario, from: 3)
            }
        }

        @Test func `The operator repeats writes that fail with status code 500`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                let failures = Locked(0)
                local.faults = { request in
                    guard request.userAgent == "tributary", request.verb == "apply" else { return nil }
                    return failures.withLock { count in
                        count += 1
                        return count <= 6 ? .status(APIStatus(httpCode: 500, message: "injected")) : nil
                    }
                }
                try await scenario.scale("a", to: 4)
                try await scenario.applyTenant("tenant-b")
                try await scenario.hashrings.waitFor(Self.hashring(4))
                try await scenario.waitForReady(Tenant.resource, "tenant-b")
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(failures.withLock { $0 } > 6)
                Self.expectGrowth(scenario, from: 3)
            }
        }

        @Test(arguments: ["pods", "statefulsets.apps", "configmaps", "tenants.tributary.dev"])
        func `An operator that cannot read one kind of object at its start publishes nothing`(blind: String)
            async throws
        {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                try await scenario.stop(scenario.tributary)
                try await scenario.scale("a", to: 4)
                try await waitUntil("the new pod is ready") { scenario.workloads.isReady("a-3") }
                let before = try await scenario.versions()
                local.faults = { request in
                    request.userAgent == "tributary" && request.resource == blind
                        && ["list", "watch"].contains(request.verb)
                        ? .status(APIStatus(httpCode: 500, message: "injected")) : nil
                }
                local.clearRequests()
                let tributary = scenario.startOperator()
                try await waitUntil("the operator has tried more than once") {
                    scenario.requests(of: "tributary").count { $0 == "watch \(blind)" || $0 == "list \(blind)" } >= 3
                }
                #expect(scenario.hashrings.all == [[Self.hashring(3)]])
                if blind != "pods" {
                    #expect(tributary.writes == 0)
                    #expect(try await scenario.versions() == before)
                }
                local.faults = nil
                try await scenario.hashrings.waitFor(Self.hashring(4))
                Self.expectGrowth(scenario, from: 3)
            }
        }

        static func hashring(_ count: Int) -> String {
            "default: \((0..<count).map { "a-\($0)" }.joined(separator: " "))"
        }

        static func setUp(_ scenario: Scenario) async throws {
            try await apply(scenario)
            try await scenario.hashrings.waitFor(hashring(3))
            try await scenario.waitForReady(Tenant.resource, "tenant-a")
            try await scenario.waitForReady(GlobalView.resource, "main")
        }

        /// Applies a view of three receivers, and a tenant.
        static func apply(_ scenario: Scenario) async throws {
            try await scenario.applyReceivers("a", hashring: "default", 3)
            try await scenario.applyView(replicationFactor: 2, Scenario.hashring("default", soft: true))
            try await scenario.applyTenant("tenant-a")
        }

        /// Expects that no published file has lost a receiver of the file before.
        static func expectGrowth(_ scenario: Scenario, from first: Int) {
            var last = Set<Substring>()
            for hashrings in scenario.hashrings.all {
                #expect(hashrings.count == 1)
                let members = Set((hashrings.first ?? "").split(separator: " ").dropFirst())
                #expect(members.isSuperset(of: last), "\(scenario.hashrings.all)")
                last = members
            }
            #expect(last.count >= first)
        }
    }
}
