import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// What an agent's status says about what its pods send.
@Suite("The condition Delivering")
struct DeliveryTests {
    private static let agent = ObjectKey(namespace: Scene.namespace, name: "cluster")

    private static func pod(_ number: Int) -> ObjectKey {
        ObjectKey(namespace: Scene.namespace, name: "cluster-agent-\(number)")
    }

    private static func scene(_ agent: String = Samples.agent, ready: Int = 2) throws -> Scene {
        var scene = try AgentPlannerTests.scene(agent)
        scene.snapshot.watchesDelivery = true
        for object in scene.plan(agent: "cluster").objects where object.kind == "StatefulSet" {
            var made = object
            made.json["status"] = ["readyReplicas": JSON(ready), "updatedReplicas": 2]
            scene.snapshot.take(
                .workload(WorkloadKey(.statefulSets, object.key), Workload(made), of: .agent(Self.agent)))
        }
        return scene
    }

    private static func delivery(
        _ state: PodDelivery.State, behind: Int = 0, failed: Int = 0, down: Int? = nil,
        _ cause: PodDelivery.Cause? = nil
    ) -> PodDelivery {
        var delivery = PodDelivery(state, remoteWrite: state == .sending ? nil : "tenant")
        (delivery.behind, delivery.failed, delivery.targetsDown, delivery.cause) = (behind, failed, down, cause)
        return delivery
    }

    private static let noHost = PodDelivery.Cause("HostNotFound", "m.example.org: no such host")

    private static func status(_ scene: Scene) throws -> JSON {
        try #require(scene.plan(agent: "cluster").statuses.first?.status)
    }

    private static func condition(_ status: JSON) -> String? {
        let conditions = status["conditions"]?.array ?? []
        guard let found = conditions.first(where: { $0["type"] == "Delivering" }) else { return nil }
        return ["status", "reason", "message"].map { found[$0]?.string ?? "" }.joined(separator: " ")
    }

    @Test func `The status does not mention delivering without a cluster, and if pods are not asked`() throws {
        var scene = try Self.scene()
        scene.snapshot.watchesDelivery = false
        scene.snapshot.take(.delivery(Self.pod(0), Self.delivery(.sending), of: Self.agent))
        #expect(Self.condition(try Self.status(scene)) == nil)
        #expect(scene.plan(agent: "cluster").agentEndpoint == nil)
    }

    @Test func `An agent delivers if all its pods that were asked send`() throws {
        var scene = try Self.scene()
        #expect(Self.condition(try Self.status(scene)) == "Unknown NotAsked no pod has been asked yet")
        for number in 0...1 {
            scene.snapshot.take(.delivery(Self.pod(number), Self.delivery(.sending, down: number), of: Self.agent))
        }
        let status = try Self.status(scene)
        #expect(Self.condition(status) == "True Sending what the pods scrape arrives")
        #expect(
            status["delivery"] == [
                "behind": "0s", "behindSeconds": 0, "failedSamplesPerMinute": 0, "droppedSamplesPerMinute": 0,
                "targetsDown": 1,
            ])
        let plan = scene.plan(agent: "cluster")
        #expect(plan.delivery == DeliveryReport(isDelivering: true, behind: 0, failed: 0))
        #expect(plan.agentEndpoint == AgentEndpoint(scheme: "http", port: 9090, prefix: "", pods: 1))
    }

    @Test func `An agent one of whose pods does not send does not deliver, and says why`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(.delivery(Self.pod(0), Self.delivery(.sending), of: Self.agent))
        scene.snapshot.take(
            .delivery(Self.pod(1), Self.delivery(.notSending, behind: 600, Self.noHost), of: Self.agent))
        var status = try Self.status(scene)
        #expect(
            Self.condition(status)
                == "False NotSending pod cluster-agent-1 gets nothing through to remote write \"tenant\": "
                + "m.example.org: no such host")
        #expect(status["delivery", "behind"] == "10m")
        #expect(status["delivery", "cause"] == "HostNotFound")
        #expect(status["delivery", "reason"] == "m.example.org: no such host")
        scene.snapshot.take(.delivery(Self.pod(0), Self.delivery(.refused, failed: 50), of: Self.agent))
        status = try Self.status(scene)
        #expect(Self.condition(status)?.hasSuffix("m.example.org: no such host (and 1 more)") == true)
        #expect(status["delivery", "failedSamplesPerMinute"] == 50)
    }

    @Test func `A pod that says nothing makes it unknown, and a pod that is gone no longer counts`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(.delivery(Self.pod(0), Self.delivery(.sending), of: Self.agent))
        let cause = PodDelivery.Cause("NotAnswering", "timed out")
        scene.snapshot.take(.delivery(Self.pod(1), Self.delivery(.silent, cause), of: Self.agent))
        #expect(
            Self.condition(try Self.status(scene))
                == "Unknown NotAnswering pod cluster-agent-1 does not say what it sends: timed out")
        #expect(scene.plan(agent: "cluster").delivery?.isDelivering == nil)
        scene.snapshot.take(.delivery(Self.pod(1), nil, of: Self.agent))
        #expect(Self.condition(try Self.status(scene))?.hasPrefix("True Sending") == true)
    }

    @Test func `An operator that has just started leaves what the status says, as long as pods are ready`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(
            .delivery(Self.pod(0), Self.delivery(.notSending, behind: 600, Self.noHost), of: Self.agent))
        let before = try Self.status(scene)
        for ready in [2, 0] {
            var later = try Self.scene(ready: ready)
            var agent = try #require(later.snapshot.agents[Self.agent])
            agent.status = try before.decode()
            later.snapshot.take(.agent(Self.agent, Boxed(agent)))
            let after = try Self.status(later)
            if ready > 0 {
                #expect(after["delivery"] == before["delivery"])
                #expect(Self.condition(after) == Self.condition(before))
                #expect(later.plan(agent: "cluster").delivery?.isDelivering == false)
            } else {
                #expect(Self.condition(after) == "Unknown NotAsked no pod is ready")
            }
        }
    }

    @Test func `An agent that listens on the loopback interface only is not asked`() throws {
        let scene = try Self.scene(Samples.agent.replacing("spec:\n", with: "spec:\n  listenLocal: true\n"))
        #expect(
            Self.condition(try Self.status(scene))
                == "Unknown NotAsked Prometheus listens on the loopback interface of its pods only")
        #expect(scene.plan(agent: "cluster").agentEndpoint == nil)
    }

    @Test(arguments: [
        (0.0, 0, "0s"), (29, 0, "0s"), (30, 30, "30s"), (119, 60, "1m"), (3599, 1800, "30m"), (1e18, 604_800, "7d"),
        (-5, 0, "0s"),
    ])
    func `How far sending is behind is rounded down to steps`(seconds: Double, step: Int, text: String) {
        #expect(DeliverySteps.seconds(seconds) == step)
        #expect(DeliverySteps.text(step) == text)
    }

    @Test func `Numbers of samples are rounded down to steps`() {
        let numbers = [0.4, 1, 3, 7, 19, 49, 50, 199, 5000, 1e300]
        #expect(numbers.map { DeliverySteps.count($0) } == [0, 1, 2, 5, 10, 20, 50, 100, 5000, 5_000_000_000])
    }
}
