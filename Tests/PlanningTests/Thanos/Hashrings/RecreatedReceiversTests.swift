import Kube
import Planning
import Receivers
import Testing

@Suite("Recreated StatefulSets")
struct RecreatedReceiversTests {
    @Test func `Receivers stay in the hashring while their StatefulSet is deleted without its pods`() throws {
        var scene = try Scene(Samples.thanos)
        try scene.receivers("default", replicas: 4, ready: 4)
        try scene.receivers("hashring-0", replicas: 3, ready: 3)
        try scene.publish(scene.plan())
        let members = try scene.plan().members(of: "default")
        #expect(members.count == 4)
        let key = Scene.key("receive-default")
        var set = try #require(scene.snapshot.receiverSets[key])
        set.isBeingDeleted = true
        // If their pods are deleted as well, receivers leave down to the replication factor.
        scene.snapshot.take(.receiverSet(key, set))
        #expect(try scene.plan().members(of: "default").count < 4)
        set.orphansPods = true
        scene.snapshot.take(.receiverSet(key, set))
        #expect(try scene.plan().members(of: "default") == members)
    }
}
