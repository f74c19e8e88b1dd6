import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Nothing is written unless it changes, and nothing is asked for that a watch tells.
    @Suite(.timeLimit(.minutes(2))) struct Idle {
        @Test func `an idle operator sends no request at all`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                try await scenario.settle()
                local.clearRequests()
                // The time is the point here: watches stay open, and nobody polls.
                try await Task.sleep(for: .seconds(2))
                #expect(scenario.requests(of: "tributary") == [])
            }
        }

        @Test func `a ring change is one write of the file, one of the status, and no read`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                try await scenario.settle()
                local.clearRequests()
                try await scenario.scale("a", to: 2)
                try await scenario.rings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1")
                try await scenario.settle()
                #expect(
                    scenario.requests(of: "tributary") == [
                        "apply configmaps main-hashrings", "apply globalviews.tributary.dev main status",
                    ])
            }
        }

        @Test func `a change of somebody else's label is followed by nothing`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                try await scenario.settle()
                local.clearRequests()
                for (resource, name) in [
                    (Resource.deployments, "tenant-a-read"), (.configMaps, "main-hashrings"), (.statefulSets, "a"),
                    (.pods, "a-0"), (Tenant.resource, "tenant-a"), (GlobalView.resource, "main"),
                ] {
                    try await scenario.patch(resource, name, ["metadata": ["annotations": ["example.com/x": "y"]]])
                }
                try await scenario.settle()
                #expect(scenario.requests(of: "tributary") == [])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `an operator that starts again writes nothing where all is well`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.setUp(scenario)
                try await scenario.stop(scenario.tributary)
                let before = try await scenario.versions()
                scenario.startOperator()
                // Once a newcomer is ready, all the others have been looked at, or will be soon.
                try await scenario.applyTenant("tenant-z")
                try await scenario.waitForReady(Tenant.resource, "tenant-z")
                try await waitUntil("the global view counts it") {
                    try await scenario.get(GlobalView.resource, "main")?.json["status", "tenants"] == 4
                }
                let after = try await scenario.versions()
                let changed = before.keys.filter { before[$0] != after[$0] }.sorted()
                #expect(changed == ["GlobalView main"])
            }
        }

        /// Three tenants, two rings, all of them ready.
        static func setUp(_ scenario: Scenario) async throws {
            try await scenario.applyReceivers("a", ring: "default", 3)
            try await scenario.applyReceivers("b", ring: "hard-0", 1)
            try await scenario.applyView(Scenario.ring("hard-0"), Scenario.ring("default", soft: true))
            try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
            try await scenario.applyTenant("tenant-b")
            try await scenario.applyTenant("tenant-c")
            for name in ["tenant-a", "tenant-b", "tenant-c"] {
                try await scenario.waitForReady(Tenant.resource, name)
            }
            try await scenario.rings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1 a-2")
            try await scenario.waitForReady(GlobalView.resource, "main")
        }
    }
}
