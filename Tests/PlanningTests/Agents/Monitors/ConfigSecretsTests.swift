import Kube
import Testing
import YAML

@testable import Planning
import PlanningInput

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
        // The Secrets with jobs come before the one that names them.
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
