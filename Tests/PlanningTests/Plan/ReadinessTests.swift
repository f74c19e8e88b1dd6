import Kube
import Planning
import PlanningInput
import Testing

@Suite("Conditions")
struct ReadinessTests {
    @Test func `Conditions keep the time of their last change`() throws {
        var scene = try Scene(Samples.prometheus)
        let first = scene.plan()
        let before = try first.condition("Ready", of: "main").lastTransitionTime
        #expect(before == Scene.start.description)
        try scene.publish(first)
        scene.snapshot.now = Scene.start.advanced(by: .seconds(60))
        #expect(try scene.plan().condition("Ready", of: "main").lastTransitionTime == before)
        let key = WorkloadKey(.statefulSets, Scene.key("main-prometheus"))
        scene.snapshot.take(.workload(key, Workload(Object(["spec": ["replicas": 0]])), of: nil))
        #expect(try scene.plan().condition("Ready", of: "main").lastTransitionTime == scene.snapshot.now.description)
    }

    /// In kstatus a stalled object is not reconciling, and a ready one is neither.
    @Test func `Conditions follow kstatus in every state`() throws {
        let scenes = [
            try Scene(Samples.prometheus), try Scene(Samples.external), try Scene(Samples.thanos),
            try Scene(Samples.prometheus + "\n  paused: true"), try HashringPlanTests.scene(),
            try Scene(Samples.tenant("tenant-a")),
            try Scene(Samples.external, Samples.tenant("tenant-a"), Samples.agent),
            try Scene(Samples.agent),
        ]
        for update in scenes.flatMap({ $0.planner.plan().statuses }) {
            let conditions = try (update.status["conditions"]?.array ?? []).map { try $0.decode(Condition.self) }
            #expect(conditions.map(\.type) == ["Ready", "Reconciling", "Stalled"])
            let holds = Set(conditions.filter { $0.status == .true }.map(\.type))
            #expect(holds.count <= 1, "\(update.key): \(holds)")
            for condition in conditions {
                #expect(!condition.reason.isEmpty && condition.reason.first?.isUppercase == true)
                #expect(condition.status == .false || !condition.message.isEmpty || condition.type != "Ready")
            }
        }
    }
}
