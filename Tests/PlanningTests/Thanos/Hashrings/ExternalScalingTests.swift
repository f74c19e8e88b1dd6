import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// Managed hashrings whose number of receivers somebody else sets.
@Suite("Managed hashrings that others scale")
struct ExternalScalingTests {
    private static let set = "main-receive-default"
    private static let view = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          thanos:
            replicationFactor: 2
            query: {replicas: 1}
            hashrings:
            - {name: default, soft: true, externalScaling: {minReplicas: 3}}
        """

    /// A scene in which the StatefulSet has a number of replicas that these field managers have set.
    private static func scene(_ replicas: Int, by managers: [String], published: Int? = nil) throws -> Scene {
        var scene = try Scene(view)
        if let published { try observe(published, by: ["autoscaler"], &scene) }
        try scene.publish(scene.plan())
        try observe(replicas, by: managers, &scene)
        return scene
    }

    private static func observe(_ replicas: Int, by managers: [String], _ scene: inout Scene) throws {
        var object = try scene.plan().object("StatefulSet", set)
        object.json["spec", "replicas"] = JSON(replicas)
        let fields: JSON = ["f:spec": ["f:replicas": [:]]]
        object.json["metadata", "managedFields"] = .array(
            [["manager": "tributary", "operation": "Apply", "fieldsV1": ["f:spec": ["f:template": [:]]]]]
                + managers.map { ["manager": .string($0), "operation": "Update", "fieldsV1": fields] })
        try scene.add(object)
        for ordinal in 0..<replicas {
            try scene.add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: \(set)-\(ordinal)
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: StatefulSet, name: \(set), uid: u, controller: true}
                status:
                  conditions:
                  - {type: Ready, status: "True", lastTransitionTime: "2026-11-20T09:00:00Z"}
                """)
        }
    }

    private static func replicas(_ plan: Plan) throws -> JSON? {
        try plan.object("StatefulSet", set).json["spec", "replicas"]
    }

    @Test func `The first receivers are as many as the smallest number`() throws {
        let plan = try Scene(Self.view).plan()
        #expect(try Self.replicas(plan) == 3)
        #expect(try plan.members(of: "default") == (0..<3).map { "\(Self.set)-\($0)" })
        #expect(plan.messages == [])
    }

    @Test func `A number that others have set is theirs, and the hashring has as many members`() throws {
        for replicas in [3, 4, 7] {
            let plan = try Self.scene(replicas, by: ["kube-controller-manager"], published: 5).plan()
            #expect(try Self.replicas(plan) == nil, "applying a number would take it from the autoscaler")
            #expect(plan.scaled == [:])
            #expect(try plan.members(of: "default") == (0..<replicas).map { "\(Self.set)-\($0)" })
            #expect(plan.messages == [])
        }
    }

    @Test func `A number that nobody else has set is applied as it is, since it would else become one`() throws {
        let plan = try Self.scene(5, by: ["tributary"]).plan()
        #expect(try Self.replicas(plan) == 5)
        #expect(plan.scaled == [Scene.key(Self.set): 5], "it is applied only if it still has this number")
        #expect(try plan.members(of: "default").count == 5)
        // An autoscaler that sets the same number owns it, too.
        #expect(try Self.replicas(Self.scene(5, by: ["tributary", "kube-controller-manager"]).plan()) == nil)
    }

    @Test func `A StatefulSet that is gone, or has no number, gets the receivers that the file names`() throws {
        #expect(try Self.replicas(Self.scene(1, by: [], published: 6).plan()) == 6)
        var scene = try Self.scene(6, by: ["kube-controller-manager"], published: 6)
        scene.snapshot.take(.receiverSet(Scene.key(Self.set), nil))
        let plan = scene.plan()
        #expect(try Self.replicas(plan) == 6)
        #expect(try plan.members(of: "default").count == 6)
    }

    @Test func `Who scales below the smallest number is told, and the receivers come back`() throws {
        let plan = try Self.scene(1, by: ["kube-controller-manager"], published: 4).plan()
        #expect(try Self.replicas(plan) == 3)
        #expect(try plan.members(of: "default") == (0..<3).map { "\(Self.set)-\($0)" })
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.thanos.hashrings[0].externalScaling.minReplicas: "
                    + "\"kube-controller-manager\" has scaled StatefulSet \"main-receive-default\" to 1, and it is being "
                    + "scaled back to 3; set the autoscaler's own minimum to at least 3"
            ])
    }

    @Test func `Who scales to none is not known, and all receivers of the file come back`() throws {
        let plan = try Self.scene(0, by: [], published: 4).plan()
        #expect(try Self.replicas(plan) == 4)
        #expect(try plan.members(of: "default").count == 4)
        #expect(plan.messages.first?.contains("somebody has scaled StatefulSet \"main-receive-default\" to 0") == true)
    }

    @Test func `A receiver that is scaled away serves until the others have the file without it`() throws {
        let pod = try Scene(Self.view.replacing("query:", with: "refreshInterval: 10s\n    query:")).plan()
            .object("StatefulSet", Self.set).json["spec", "template", "spec"]
        #expect(pod?["containers"]?[0]?["lifecycle", "preStop", "exec", "command"] == ["sleep", "40"])
        #expect(pod?["terminationGracePeriodSeconds"] == 940)
        let own = try Scene(Samples.managed).plan().object("StatefulSet", Self.set)
        #expect(own.json["spec", "template", "spec", "containers"]?[0]?["lifecycle"] == nil, "it leaves the file first")
    }
}
