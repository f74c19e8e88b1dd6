import Kube
import Testing
import TributaryAPI

@testable import Operator

@Suite("A custom resource as it is kept") struct ObservedTests {
    private func tenant(version: String, _ change: (inout Object) -> Void = { _ in }) -> Observed<Tenant> {
        var object = Object(
            Tenant.resource, namespace: "o11y", name: "shop", ["spec": ["globalViewRef": ["name": "main"]]])
        object.json["metadata", "uid"] = "t1"
        object.json["metadata", "resourceVersion"] = JSON(version)
        object.json["metadata", "generation"] = 1
        change(&object)
        return Observed(object)
    }

    @Test func `A write of the status asks for nothing new`() {
        let before = tenant(version: "7")
        let after = tenant(version: "8") { $0.json["status"] = ["observedGeneration": 1] }
        #expect(after.asksTheSame(as: before))
        #expect(after.version != before.version)
    }

    @Test(
        arguments: [
            ["spec": ["globalViewRef": ["name": "other"]]], ["metadata": ["uid": "t2"]],
            ["metadata": ["deletionTimestamp": "2026-01-01T00:00:00Z"]],
            ["status": ["offboarding": ["since": "2026-01-01T00:00:00Z"]]],
        ] as [JSON])
    func `An edit asks for something new, and so does what other plans read`(patch: JSON) {
        let edited = tenant(version: "8") { $0.json = Patch.merge(patch, into: $0.json) }
        #expect(!edited.asksTheSame(as: tenant(version: "7")))
    }
}
