import Kube
import KubeClient
import Operator
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Only the lease holder writes.
    @Suite(.timeLimit(.minutes(2))) struct Leaders {
        @Test(arguments: ClusterKind.available)
        func `of two operators one writes, and the other goes on when it ends`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                let lease = try await scenario.lease(named: "\(scenario.namespace)-lease")
                let first = scenario.startOperator(userAgent: "first") { $0.lease = lease }
                try await waitUntil("the first leads") { try await scenario.holder(of: lease) == "first" }
                let second = scenario.startOperator(userAgent: "second") { $0.lease = lease }
                try await scenario.applyReceivers("a", ring: "default", 2)
                try await scenario.applyView(Scenario.ring("default", soft: true))
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(second.writes == 0)

                try await scenario.stop(first)
                let writes = first.writes
                try await waitUntil("the second leads") { try await scenario.holder(of: lease) == "second" }
                try await scenario.applyTenant("tenant-b")
                try await scenario.scale("a", to: 3)
                try await scenario.waitForReady(Tenant.resource, "tenant-b")
                try await scenario.rings.waitFor("default: a-0 a-1 a-2")
                #expect(first.writes == writes)
                #expect(second.writes > 0)
                try await scenario.stop(second)
                #expect(try await scenario.holder(of: lease) == "")
                #expect(scenario.rings.all == [["default: a-0 a-1"], ["default: a-0 a-1 a-2"]])
            }
        }
    }
}

extension Scenario {
    /// A lease where the manifests let the operator have one: in its own namespace.
    func lease(named name: String) async throws -> ObjectKey {
        let home = "tributary-system"
        if kind == .local { try await client.create(.namespaces, Object(.namespaces, name: home)) }
        return ObjectKey(namespace: home, name: name)
    }

    /// Who holds a lease: nobody where it was given back, nil where there is none.
    func holder(of lease: ObjectKey) async throws -> String? {
        do {
            return try await client.get(.leases, lease).json["spec", "holderIdentity"]?.string ?? ""
        } catch let status as APIStatus where status.isNotFound {
            return nil
        }
    }
}
