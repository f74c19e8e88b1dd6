import Kube
import Testing
import TributaryAPI
import YAML

@testable import Planning
import PlanningInput

/// An edit makes what it changes and nothing else, and a large configuration is split so that this holds for writes too.
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
        // What is remembered is what would be made anew.
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
        var scene = try Self.scene(3)
        _ = scene.plan(agent: "cluster")
        scene.cache.forget(Scene.key("cluster"))
        #expect(counts(scene) == (0, 0))
    }
}

@Suite("Configurations in several Secrets")
struct ConfigSecretsTests {
    private func parts(_ plan: Plan) -> [String] {
        plan.objects.filter { $0.kind == "Secret" && $0.name.contains("-of-") }.map(\.name)
    }

    @Test func `A split configuration has every job once, in files that Prometheus reads together`() throws {
        let scene = try JobCacheTests.scene()
        let plan = scene.plan(agent: "cluster")
        let names = parts(plan)
        #expect(names.last == "cluster-agent-of-64")
        var jobs: Set<String> = []
        for index in 0..<64 {
            let text = try plan.file("cluster-agent-of-64-\(index)", "jobs-\(index).yaml")
            #expect(text.utf8.count < 1 << 20)
            let file = try YAML.parseOne(text).value
            #expect(file.object?.keys == ["scrape_configs"])
            for job in file["scrape_configs"]?.array ?? [] {
                let isNew = jobs.insert(job["job_name"]?.string ?? "").inserted
                #expect(isNew, "\(job["job_name"] ?? .null)")
            }
        }
        #expect(jobs.count == 2000)
        let main = try YAML.parseOne(try plan.file("cluster-agent-of-64")).value
        #expect(main["scrape_config_files"] == ["jobs-*.yaml"])
        #expect(main["remote_write"] != nil && main["global"] != nil && main["scrape_configs"] == nil)
        let pod = try plan.object("StatefulSet", "cluster-agent").json["spec", "template", "spec"]
        let config = pod?["volumes"]?.array?.first { $0["name"] == "config" }
        let sources = config?["projected", "sources"]?.array ?? []
        #expect(sources.compactMap { $0["secret", "name"]?.string } == names)
        // Those that are named come first.
        let made = plan.objects.map(\.name)
        let last = try #require(made.firstIndex(of: "cluster-agent-of-64"))
        for name in names.dropLast() { #expect(try #require(made.firstIndex(of: name)) < last) }
    }

    @Test func `A configuration too large for one Secret needs a Prometheus that reads several files`() throws {
        let scene = try JobCacheTests.scene(2000, "serviceMonitorSelector: {}, version: v2.42.0")
        let plan = scene.plan(agent: "cluster")
        #expect(plan.keepsExisting)
        #expect(plan.diagnostics.map(\.reason) == ["ConfigurationTooLarge"])
    }

    @Test func `A split configuration stays split until half of the room would be enough`() throws {
        var scene = try JobCacheTests.scene(1000)
        func remove(_ numbers: Range<Int>) {
            for number in numbers {
                scene.snapshot.take(.monitor(.serviceMonitor, Scene.key("service-\(number)"), nil))
            }
        }
        let split = scene.plan(agent: "cluster")
        #expect(parts(split).count == 65)
        for secret in split.objects where secret.kind == "Secret" {
            scene.snapshot.take(.configParts(secret.key, ConfigParts.number(of: secret), of: nil))
        }
        remove(400..<1000)
        #expect(parts(scene.plan(agent: "cluster")).count == 65)
        remove(100..<400)
        #expect(parts(scene.plan(agent: "cluster")) == [])
    }

    @Test func `Former Secrets of a configuration stay while pods mount them`() throws {
        var scene = try JobCacheTests.scene(1000)
        func set(_ parts: String?, updated: Int) {
            var object = Object([
                "kind": "StatefulSet",
                "metadata": [
                    "name": "cluster-agent", "namespace": JSON(Scene.namespace), "generation": 1,
                    "annotations": parts.map { ["tributary.dev/config-parts": JSON($0)] } ?? .null,
                ],
                "spec": ["replicas": 2],
                "status": ["observedGeneration": 1, "readyReplicas": 2, "updatedReplicas": JSON(updated)],
            ])
            object.json = object.json.droppingNulls
            scene.snapshot.take(.workload(WorkloadKey(.statefulSets, object.key), Workload(object), of: nil))
        }
        func keeps() -> Bool {
            scene.plan(agent: "cluster").keeps.contains(.init(.secrets, Scene.key("cluster-agent")))
        }
        #expect(!keeps(), "no pods, nothing to keep")
        set(nil, updated: 2)
        #expect(keeps(), "pods are as they were")
        set("64", updated: 1)
        #expect(keeps(), "one pod is still the old one")
        set("64", updated: 2)
        #expect(!keeps())
    }

    @Test func `A configuration assembled from jobs has the same text as one written as a whole`() throws {
        let scene = try JobCacheTests.scene(3, "serviceMonitorSelector: {}, externalLabels: {a: b}")
        let text = try scene.plan(agent: "cluster").file()
        #expect(YAML.write(try YAML.parseOne(text).value) == text)
    }
}
