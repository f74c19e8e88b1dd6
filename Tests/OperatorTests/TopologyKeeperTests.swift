import Kube
import KubeRuntime
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

@testable import Operator

@Suite struct `What stands where now` {
    private func tenant(_ name: String, reason: String? = nil, version: Int = 1) -> Object {
        var object = Object(
            Tenant.resource, namespace: "o11y", name: name, ["spec": ["globalViewRef": ["name": "main"]]])
        object.json["metadata", "uid"] = JSON("uid-\(name)")
        object.json["metadata", "resourceVersion"] = JSON("\(version)")
        object.json["status"] = reason.map {
            [
                "conditions": [
                    ["type": "Ready", "status": $0 == "Ready" ? "True" : "False", "reason": JSON($0), "message": ""]
                ]
            ]
        }
        return object
    }

    @Test func `What stands where is found out again after a change of an object or a status, and not without`()
        async throws
    {
        let (world, stores) = (World(), Stores())
        stores.tenants.onChange { [world] change in world.take(.tenant(change.key, change.new?.value)) }
        let keeper = TopologyKeeper(world: world, stores: stores)
        #expect(await keeper.newest().tenants.isEmpty)

        func show(_ object: Object) { stores.tenants.apply(.applied(object.key, Observed(object))) }
        show(tenant("a"))
        try await waitUntil("nobody has reported on it") { await keeper.newest().tenants.map(\.health) == [.wrong] }
        show(tenant("a", reason: "Ready", version: 2))
        show(tenant("b", reason: "DuplicateID", version: 3))
        try await waitUntil("both are as reported") {
            await keeper.newest().tenants.map { "\($0.key.name) \($0.health)" } == ["b wrong", "a ok"]
        }
        let version = world.version
        async let first = keeper.newest()
        async let second = keeper.newest()
        #expect(await first == second)
        #expect(world.version == version, "a look changes nothing")
    }
}
