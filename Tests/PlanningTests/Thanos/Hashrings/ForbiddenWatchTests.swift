import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Forbidden watches")
struct ForbiddenWatchTests {
    private static func scene() throws -> Scene {
        var scene = try HashringPlanTests.scene()
        try scene.publish(scene.plan())
        return scene
    }

    private static func forbid(_ resource: Resource, of set: String, in scene: inout Scene) {
        for scope in scene.snapshot.scopes(of: Scene.key("main"))
        where scope.resource == resource && scope.labelSelector.contains(set) {
            scene.snapshot.take(.watch(scope, isForbidden: true))
        }
    }

    @Test func `A forbidden watch keeps its hashring as it is, and other hashrings continue`() throws {
        var scene = try Self.scene()
        Self.forbid(.statefulSets, of: "hashring-0", in: &scene)
        #expect(scene.snapshot.forbiddenWatches.count == 1)
        for hashring in ["hashring-0", "hashring-1"] { try scene.receivers(hashring, replicas: 4, ready: 4) }
        let plan = scene.plan()
        #expect(try plan.members(of: "hashring-0").count == 3)
        #expect(try plan.members(of: "hashring-1").count == 4)
        #expect(
            plan.messages == [
                "error: GlobalView observability/main: spec.thanos.hashrings[1]: hashring \"hashring-0\" stays as it is: "
                    + "Tributary may not list and watch statefulsets.apps in namespace \"observability\"; grant the verbs "
                    + "list and watch to Tributary"
            ])
        #expect(try plan.readiness(of: "main") == "False WatchForbidden")
        #expect(try plan.condition("Stalled", of: "main").status == .true)
        for scope in scene.snapshot.forbiddenWatches { scene.snapshot.take(.watch(scope, isForbidden: false)) }
        #expect(try scene.plan().members(of: "hashring-0").count == 4)
    }

    @Test func `Without permission to watch nodes no receiver joins, and the error says what to grant`() throws {
        var scene = try Scene(
            """
            apiVersion: tributary.dev/v1alpha1
            kind: GlobalView
            metadata: {name: main, generation: 1}
            spec:
              thanos:
                hashrings:
                - name: default
                  soft: true
                  adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: default}}}
                  membership: {zone: {from: node}}
            """)
        try scene.receivers("default", replicas: 2, ready: 2)
        Self.forbid(.nodes, of: "zone", in: &scene)
        let plan = scene.plan()
        // A first file without zones would be followed by another once they are known.
        #expect(!plan.names.contains("ConfigMap main-hashrings"))
        #expect(
            plan.messages == [
                "error: GlobalView observability/main: spec.thanos.hashrings[0]: no receiver joins hashring \"default\", "
                    + "since no zone is known: Tributary may not list and watch nodes in the whole cluster; grant the "
                    + "verbs list and watch by a ClusterRole, or take the zone from endpointSlice"
            ])
    }
}
