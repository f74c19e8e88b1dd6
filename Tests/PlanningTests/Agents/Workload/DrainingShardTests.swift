import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Draining shards")
struct DrainingShardTests {
    private func exists(_ scene: inout Scene, shard: Int, drainingSince: Timestamp? = nil) {
        let name = shard == 0 ? "cluster-agent" : "cluster-agent-shard-\(shard)"
        var metadata: JSON = ["name": JSON(name)]
        if let drainingSince {
            metadata["annotations"] = ["tributary.dev/draining-since": JSON(drainingSince.description)]
        }
        scene.snapshot.take(
            .workload(
                WorkloadKey(.statefulSets, Scene.key(name)),
                Workload(
                    Object([
                        "kind": "StatefulSet", "metadata": metadata, "spec": ["replicas": 1],
                        "status": ["readyReplicas": 1],
                    ])), of: nil))
    }

    @Test func `A shard that is being removed scrapes nothing and keeps sending`() throws {
        let before = try AgentWorkloadTests.plan("shards: 2")
        let plan = try AgentWorkloadTests.plan("shards: 1") { scene in
            for shard in 0...1 { exists(&scene, shard: shard) }
        }
        #expect(plan.recheckAfter == .seconds(7200))
        let file = try AgentPlannerTests.configuration(plan, "cluster-agent-shard-1")
        #expect(file["scrape_configs"] == nil)
        #expect(
            file["remote_write"]
                == (try AgentPlannerTests.configuration(before, "cluster-agent-shard-1"))["remote_write"])
        // A recreated pod would lose the data of an emptyDir.
        let template = { (plan: Plan) in
            try plan.object("StatefulSet", "cluster-agent-shard-1").json["spec", "template"]
        }
        #expect(try template(plan) == template(before))
        let metadata = try plan.object("StatefulSet", "cluster-agent-shard-1").annotations
        #expect(metadata["tributary.dev/draining-since"] == Scene.start.description)
    }

    @Test func `A shard is removed when it has sent everything, or its drain timeout is over`() throws {
        let since = Scene.start.advanced(by: .seconds(-600))
        #expect(
            try AgentWorkloadTests.plan("shards: 1") { exists(&$0, shard: 1, drainingSince: since) }.recheckAfter
                == .seconds(6600))
        let sent = try AgentWorkloadTests.plan("shards: 1") { scene in
            exists(&scene, shard: 1, drainingSince: since)
            scene.snapshot.take(.drain(Scene.key("cluster-agent-shard-1"), .sent, of: .agent(Scene.key("cluster"))))
        }
        let late = try AgentWorkloadTests.plan(
            "shards: 1\ndrainTimeout: 10m",
            saying: [
                "warning: PrometheusAgent \(Scene.key("cluster")): spec.drainTimeout: shard 1 is removed after 10m, "
                    + "although it has not reported that it has sent everything"
            ]
        ) { exists(&$0, shard: 1, drainingSince: since) }
        for plan in [sent, late] {
            #expect(!plan.names.contains { $0.hasSuffix("cluster-agent-shard-1") })
            #expect(!plan.keepsExisting)
        }
    }

    private func readyMessage(_ plan: Plan) -> String? {
        plan.statuses[0].status["conditions"]?.array?.first { $0["type"] == "Ready" }?["message"]?.string
    }

    @Test func `Draining shards keep their disruption budget and appear in the status`() throws {
        let plan = try AgentWorkloadTests.plan("shards: 1\nreplicas: 2") { scene in
            for shard in 0...2 { exists(&scene, shard: shard, drainingSince: shard == 0 ? nil : Scene.start) }
        }
        for shard in 1...2 { _ = try plan.object("PodDisruptionBudget", "cluster-agent-shard-\(shard)") }
        let until = Scene.start.advanced(by: .seconds(7200))
        #expect(
            readyMessage(plan)
                == "1 of 2 pods are ready; shards 1, 2 scrape no targets and are removed when all samples are sent, at "
                + "\(until) at the latest")
    }

    @Test(arguments: [
        ("", "answers with HTTP status 401"),
        ("\nlistenLocal: true", "Prometheus listens on the loopback interface of its pods only"),
    ])
    func `A draining shard that does not answer gets a warning`(spec: String, reason: String) throws {
        let until = Scene.start.advanced(by: .seconds(7200))
        let plan = try AgentWorkloadTests.plan(
            "shards: 1\(spec)",
            saying: [
                "warning: PrometheusAgent \(Scene.key("cluster")): shard 1 is being removed and its progress is "
                    + "unknown: \(reason); it is removed at \(until) at the latest, with the samples that it has not "
                    + "sent; to remove it now, shorten spec.drainTimeout"
            ]
        ) { scene in
            exists(&scene, shard: 1, drainingSince: Scene.start)
            if spec.isEmpty {
                scene.snapshot.take(
                    .drain(
                        Scene.key("cluster-agent-shard-1"), .silent(reason), of: .agent(Scene.key("cluster"))))
            }
        }
        #expect(plan.drainTargets.isEmpty == !spec.isEmpty)
        #expect(plan.names.contains("StatefulSet cluster-agent-shard-1"))
        #expect(readyMessage(plan)?.hasSuffix("at the latest; no answer from shard 1") == spec.isEmpty)
    }

    @Test func `A shard that is wanted again scrapes again`() throws {
        let plan = try AgentWorkloadTests.plan("shards: 2") { exists(&$0, shard: 1, drainingSince: Scene.start) }
        #expect(try AgentPlannerTests.configuration(plan, "cluster-agent-shard-1")["scrape_configs"] != nil)
        #expect(try plan.object("StatefulSet", "cluster-agent-shard-1").annotations == [:])
    }
}
