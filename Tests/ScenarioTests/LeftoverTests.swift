import Kube
import KubeClient
import Operator
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    @Suite("What is left over", .timeLimit(.minutes(5))) struct LeftoverTests {
        @Test(arguments: ClusterKind.available)
        func `Only what Tributary made and nobody needs is listed as left over, and deleted`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.apply(
                    GlobalView.resource, "main", ["spec": ["prometheus": ["replicas": 1]]])
                let policy: JSON = ["read": ["allowFrom": [["namespace": "grafana"]]]]
                for name in ["tenant-a", "tenant-b", "tenant-c"] {
                    try await scenario.applyTenant(name, policy)
                    try await scenario.waitForReady(Tenant.resource, name)
                }
                func find() async throws -> [String] { try await leftovers().map(Self.text).sorted() }
                func leftovers() async throws -> [Leftovers.Leftover] {
                    // Other scenarios have their objects on the same server.
                    let found = try await Leftovers(in: scenario.client, namespace: scenario.namespace)
                    #expect(found.problems.filter { $0.contains(scenario.namespace) } == [])
                    return found.all
                }
                #expect(try await find() == [])
                try await scenario.stop(scenario.tributary)

                // The real API server runs without a garbage collector, so that what has lost its owner stays.
                try await scenario.client.delete(Tenant.resource, scenario.key("tenant-a"))
                try await scenario.applyTenant("tenant-b")
                try await scenario.patch(.services, "tenant-c-read", ["metadata": ["ownerReferences": .null]])
                // A copy that somebody made has the label and the owner, and was never applied by Tributary.
                var copy = try #require(try await scenario.get(.configMaps, "tenant-c-datasource"))
                for member in ["managedFields", "resourceVersion", "uid", "creationTimestamp"] {
                    copy.json["metadata", member] = nil
                }
                copy.json["metadata", "name"] = "copy"
                try await scenario.client.create(.configMaps, copy)

                let gone = [
                    "OwnerGone ConfigMap tenant-a-datasource", "OwnerGone Deployment tenant-a-read",
                    "OwnerGone NetworkPolicy tenant-a-read", "OwnerGone Service tenant-a-read",
                ]
                let expected =
                    ["NotPlanned NetworkPolicy tenant-b-read", "Orphaned Service tenant-c-read"]
                    + (kind == .real ? gone : [])
                try await waitUntil("\(expected) is left over") { try await find() == expected }

                // What has changed since it was read stays.
                let found = try await leftovers()
                let changed = try #require(found.first { $0.object.name == "tenant-b-read" })
                try await scenario.patch(
                    .networkPolicies, "tenant-b-read", ["metadata": ["annotations": ["somebody": "was here"]]])
                #expect(try await Leftovers.delete(changed, in: scenario.client) == false)
                for leftover in try await leftovers() {
                    let isDeleted = try await Leftovers.delete(leftover, in: scenario.client)
                    #expect(isDeleted == (leftover.reason != .orphaned), "\(Self.text(leftover))")
                }
                #expect(try await find() == ["Orphaned Service tenant-c-read"])
                #expect(try await scenario.get(.configMaps, "copy") != nil)
                for name in ["tenant-b-read", "tenant-c-read"] {
                    #expect(try await scenario.get(.deployments, name) != nil)
                }
            }
        }

        private static func text(_ leftover: Leftovers.Leftover) -> String {
            "\(leftover.reason.rawValue) \(leftover.object.kind) \(leftover.object.name)"
        }
    }
}
