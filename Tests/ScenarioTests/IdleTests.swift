import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The operator writes only what changes, and does not read what a watch delivers.
    @Suite("Requests of an idle operator", .timeLimit(.minutes(5))) struct IdleTests {
        @Test func `An idle operator sends no requests`() async throws {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                try await scenario.settle()
                local.clearRequests()
                // This test is about time: watches stay open, and nothing polls.
                try await Task.sleep(for: .seconds(2))
                #expect(scenario.requests(of: "tributary") == [])
            }
        }

        @Test func `A change of a hashring causes one write of the file, one of the status, and no read`() async throws
        {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                try await Self.setUp(scenario)
                try await scenario.settle()
                local.clearRequests()
                try await scenario.scale("a", to: 2)
                try await scenario.hashrings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1")
                try await scenario.settle()
                #expect(
                    scenario.requests(of: "tributary") == [
                        "apply configmaps main-hashrings", "apply globalviews.tributary.dev main status",
                    ])
            }
        }

        @Test(arguments: [false, true])
        func `An object made costs one request, and a tenant one write of its status`(hasGateway: Bool) async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let local = try #require(scenario.local)
                // Whether its samples arrive is one more, later.
                scenario.startOperator { $0.deliveryInterval = nil }
                var spec: JSON = ["external": ["writeURL": "http://w.example.org", "queryURL": "http://q.example.org"]]
                if hasGateway { spec["gateway"] = [:] }
                try await scenario.apply(GlobalView.resource, "main", ["spec": spec])
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.settle()
                let before = try await Set(scenario.made())
                local.clearRequests()
                let names = (0..<10).map { "tenant-\($0)" }
                for name in names { try await scenario.applyTenant(name) }
                for name in names { try await scenario.waitForReady(Tenant.resource, name) }
                try await scenario.settle()
                let made = try await Set(scenario.made()).subtracting(before)
                #expect(made.count >= names.count * 2)
                let requests = scenario.requests(of: "tributary")
                #expect(requests.filter { $0.hasPrefix("get") } == [])
                for name in names {
                    let own = requests.filter { $0.contains(" \(name)-") || $0.contains(" \(name) ") }
                    #expect(own.count == made.count { $0.contains(" \(name)-") } + 1, "\(own)")
                    #expect(own.count { $0.hasSuffix("status") } == 1, "\(own)")
                }
            }
        }

        @Test func `A change of a foreign annotation causes no requests`() async throws {
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
        func `An operator that restarts writes nothing if nothing has changed`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.setUp(scenario)
                try await scenario.stop(scenario.tributary)
                let before = try await scenario.versions()
                scenario.startOperator()
                // Once a new tenant is ready, all other objects are reconciled, or will be soon.
                try await scenario.applyTenant("tenant-z")
                try await scenario.waitForReady(Tenant.resource, "tenant-z")
                try await waitUntil("the global view counts the new tenant") {
                    try await scenario.get(GlobalView.resource, "main")?.json["status", "tenants"] == 4
                }
                let after = try await scenario.versions()
                let changed = before.keys.filter { before[$0] != after[$0] }.sorted()
                #expect(changed == ["GlobalView main"])
            }
        }

        /// Applies three tenants and two hashrings, and waits until all are ready.
        static func setUp(_ scenario: Scenario) async throws {
            try await scenario.applyReceivers("a", hashring: "default", 3)
            try await scenario.applyReceivers("b", hashring: "hard-0", 1)
            try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
            try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
            try await scenario.applyTenant("tenant-b")
            try await scenario.applyTenant("tenant-c")
            for name in ["tenant-a", "tenant-b", "tenant-c"] {
                try await scenario.waitForReady(Tenant.resource, name)
            }
            try await scenario.hashrings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1 a-2")
            try await scenario.waitForReady(GlobalView.resource, "main")
        }
    }
}
