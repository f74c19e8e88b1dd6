import Kube
import Testing
import TributaryAPI
import YAML

@testable import Planning
import PlanningInput

/// An edit makes only the jobs that it changes.
@Suite("Cached jobs")
struct JobCacheTests {
    static let count = 2000

    static func scene(_ count: Int = count, _ spec: String = "serviceMonitorSelector: {}") throws -> Scene {
        var scene = try Scene(MonitorSamples.agent(spec))
        for number in 0..<count { try scene.add(monitor(number)) }
        return scene
    }

    static func monitor(_ number: Int, port: String = "web") -> Object {
        Object([
            "apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor",
            "metadata": ["name": JSON("service-\(number)"), "namespace": JSON(Scene.namespace)],
            "spec": [
                "selector": ["matchLabels": ["app": JSON("service-\(number)")]], "endpoints": [["port": JSON(port)]],
            ],
        ])
    }

    private func counts(_ scene: Scene) -> (jobs: Int, parts: Int) {
        scene.cache.counts(of: Scene.key("cluster"))
    }

    private func secrets(_ plan: Plan) -> [ObjectKey: JSON] {
        Dictionary(
            uniqueKeysWithValues: plan.objects.filter { $0.kind == "Secret" }.map { ($0.key, $0.json["data"] ?? [:]) })
    }

    @Test func `An edit of one monitor makes one job and writes one part`() throws {
        var scene = try Self.scene()
        let first = scene.plan(agent: "cluster")
        let before = counts(scene)
        #expect(before.jobs == Self.count)
        _ = scene.plan(agent: "cluster")
        #expect(counts(scene) == before, "planning again makes nothing")
        try scene.add(Self.monitor(7, port: "other"))
        let second = scene.plan(agent: "cluster")
        #expect(counts(scene).jobs == before.jobs + 1)
        #expect(counts(scene).parts == before.parts + 1)
        let (old, new) = (secrets(first), secrets(second))
        #expect(Set(old.keys) == Set(new.keys))
        #expect(old.count > 10)
        #expect(new.filter { old[$0.key] != $0.value }.count == 1)
        // The cached jobs equal those that are made again.
        var fresh = try Self.scene()
        try fresh.add(Self.monitor(7, port: "other"))
        #expect(fresh.plan(agent: "cluster") == second)
    }

    @Test func `The first and the last monitor do not recreate pods`() throws {
        func pods(_ count: Int) throws -> JSON? {
            try Self.scene(count).plan(agent: "cluster").object("StatefulSet", "cluster-agent").json["spec"]
        }
        #expect(try pods(0) == pods(1))
        #expect(try pods(1) == pods(5))
    }

    @Test func `Adding or removing a monitor leaves all other parts unchanged`() throws {
        var scene = try Self.scene(1000)
        let before = secrets(scene.plan(agent: "cluster"))
        try scene.add(Self.monitor(5000))
        let added = secrets(scene.plan(agent: "cluster"))
        #expect(added.filter { before[$0.key] != $0.value }.count == 1)
        scene.snapshot.take(.monitor(.serviceMonitor, Scene.key("service-5000"), nil))
        #expect(secrets(scene.plan(agent: "cluster")) == before)
    }

    @Test func `A change of the agent's settings makes all jobs again`() throws {
        var scene = try Self.scene(10)
        _ = scene.plan(agent: "cluster")
        try scene.add(MonitorSamples.agent("serviceMonitorSelector: {}, enforcedSampleLimit: 10"))
        let plan = scene.plan(agent: "cluster")
        #expect(counts(scene).jobs == 20)
        #expect(try plan.file().contains("sample_limit"))
    }

    @Test func `A changed Secret makes only the jobs again that use it`() throws {
        var scene = try Self.scene(10)
        try scene.add(MonitorSamples.serviceMonitor("secured", endpoint: MonitorSamples.token))
        try scene.add(MonitorSamples.secret("credentials", ["token": "a"]))
        let before = scene.plan(agent: "cluster")
        #expect(counts(scene).jobs == 11)
        try scene.add(MonitorSamples.secret("credentials", ["token": "b"]))
        let after = scene.plan(agent: "cluster")
        #expect(counts(scene).jobs == 12)
        #expect(try before.file() == after.file())
        #expect(try after.file("cluster-agent-assets", "secret_observability_credentials_token") == "b")
    }

    @Test func `The cache of a deleted agent is dropped`() throws {
        let scene = try Self.scene(3)
        _ = scene.plan(agent: "cluster")
        scene.cache.forget(.agent(Scene.key("cluster")))
        #expect(counts(scene) == (0, 0))
    }
}
