import Hashring
import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Published hashring files")
struct FileArrivalTests {
    static func view(_ more: String = "{}") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          thanos:
            <<: \(more)
            hashrings:
            - name: default
              soft: true
              adopt: {selector: {matchLabels: {ring: default}}}
        """
    }

    static let set = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: a, labels: {ring: default}}
        spec: {replicas: 3, serviceName: a, selector: {matchLabels: {app: a}}}
        """

    static func pod(
        _ ordinal: Int, ip: String? = nil, annotations: String = "{}", configMap: String = "main-hashrings",
        created: String = "2026-11-20T09:00:00Z", uid: String = "u", restarts: Int = 0
    ) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: a-\(ordinal)
          uid: \(uid)-\(ordinal)
          creationTimestamp: "\(created)"
          annotations: \(annotations)
          ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: a, uid: u, controller: true}]
        spec:
          volumes: [{name: data}, {name: h, configMap: {name: \(configMap)}}]
        status:
          podIP: "\(ip ?? "10.0.0.\(ordinal + 1)")"
          containerStatuses: [{name: receive, restartCount: \(restarts)}]
          conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-11-20T09:00:00Z"}]
        """
    }

    static let old: UInt64 = 0x0605_0403_0201

    /// Three receivers, and a file that is published at the scene's start.
    static func scene(_ more: String = "{}") throws -> (scene: Scene, hash: UInt64) {
        var scene = try Scene(view(more), set, pod(0), pod(1), pod(2))
        try scene.publish(scene.plan())
        let text = try #require(scene.snapshot.published.values.first?.text)
        return (scene, HashringFile.configHash(of: text))
    }

    static func hashring(_ plan: Plan) throws -> JSON { try #require(try plan.status(of: "main")["hashrings"]?[0]) }

    @Test func `The operator asks every receiver with an address for its published file`() throws {
        var (scene, hash) = try Self.scene()
        try scene.add(Self.pod(1, ip: "fd00::7"))
        try scene.add(Self.pod(2, ip: "example.org/?"))
        let readers = scene.plan().fileReaders
        #expect(readers.map(\.url) == ["http://10.0.0.1:10902/metrics", "http://[fd00::7]:10902/metrics"])
        #expect(readers.allSatisfy { $0.hash == hash })
        try scene.add(Self.view().replacing("soft: true", with: "httpPort: 0\n      soft: true"))
        #expect(scene.plan().fileReaders == [])
    }

    @Test func `A file that all receivers have loaded results in no diagnostics`() throws {
        var (scene, hash) = try Self.scene()
        for ordinal in 0..<3 {
            scene.snapshot.take(.loadedHashring(Scene.key("a-\(ordinal)"), .loaded(hash), at: Scene.start))
        }
        scene.snapshot.now = Scene.start.advanced(by: .seconds(4000))
        let plan = scene.plan()
        #expect(try Self.hashring(plan)["older"] == nil)
        #expect(try plan.readiness(of: "main") == "True Ready")
        #expect(plan.recheckAfter == nil)
    }

    @Test func `Receivers that have had an older file for a while are named`() throws {
        var (scene, hash) = try Self.scene()
        scene.snapshot.take(.loadedHashring(Scene.key("a-0"), .loaded(hash), at: Scene.start))
        scene.snapshot.take(.loadedHashring(Scene.key("a-1"), .loaded(Self.old), at: Scene.start))
        scene.snapshot.now = Scene.start.advanced(by: .seconds(10))
        var plan = scene.plan()
        #expect(try Self.hashring(plan)["older"] == nil)
        #expect(plan.recheckAfter == .seconds(20))
        scene.snapshot.now = Scene.start.advanced(by: .seconds(30))
        plan = scene.plan()
        #expect(try Self.hashring(plan)["older"] == [["pod": "a-1", "hash": "010203040506", "reason": "OlderFile"]])
        #expect(try plan.status(of: "main")["hashringSummary"] == "default 3/3; 1 with an older file")
        #expect(try plan.readiness(of: "main") == "True Ready")
        #expect(plan.recheckAfter == .seconds(570))
        scene.snapshot.now = Scene.start.advanced(by: .seconds(600))
        plan = scene.plan()
        #expect(try plan.readiness(of: "main") == "False ReceiversBehind")
        #expect(
            plan.messages == [
                "warning: GlobalView observability/main: spec.thanos.hashrings[0]: a-1 of hashring \"default\" "
                    + "run with "
                    + "an older hashring file than the published one: they should mount the ConfigMap "
                    + "\"main-hashrings\" as "
                    + "a directory and have a short --receive.hashrings-file-refresh-interval"
            ])
        #expect(plan.recheckAfter == nil)
    }

    @Test func `A file that a receiver refuses is reported at once`() throws {
        var (scene, _) = try Self.scene()
        scene.snapshot.take(.loadedHashring(Scene.key("a-1"), .refusing(Self.old), at: Scene.start))
        let plan = scene.plan()
        #expect(try Self.hashring(plan)["older"]?[0]?["reason"] == "FileRefused")
        #expect(try plan.readiness(of: "main") == "False ReceiversBehind")
    }

    @Test func `A receiver that does not answer has an unknown file, not an older one`() throws {
        var (scene, _) = try Self.scene()
        for ordinal in 0..<2 {
            scene.snapshot.take(.loadedHashring(Scene.key("a-\(ordinal)"), .silent("timed out"), at: Scene.start))
        }
        scene.snapshot.now = Scene.start.advanced(by: .seconds(4000))
        let plan = scene.plan()
        #expect(try Self.hashring(plan)["unknown"] == 2)
        #expect(try Self.hashring(plan)["older"] == nil)
        #expect(try plan.readiness(of: "main") == "True Ready")
    }

    @Test func `A restarted process has not loaded the file yet`() throws {
        var (scene, hash) = try Self.scene()
        let key = Scene.key("a-0")
        scene.snapshot.take(.loadedHashring(key, .loaded(hash), at: Scene.start))
        try scene.add(Self.pod(0, annotations: "{a: b}"))
        #expect(scene.snapshot.loadedHashrings[key] != nil)
        try scene.add(Self.pod(0, restarts: 1))
        #expect(scene.snapshot.loadedHashrings[key] == nil)
    }

    @Test func `Pods are annotated only if the hashring asks for it`() throws {
        let (scene, _) = try Self.scene()
        #expect(scene.plan().annotations == [])
    }

    @Test func `Pods that mount a changed file are annotated once`() throws {
        var scene = try Scene(Self.view("{annotatePods: true}"), Self.set, Self.pod(0), Self.pod(1))
        try scene.add(Self.pod(2, configMap: "other"))
        try scene.publish(scene.plan())
        try scene.add(Self.set.replacing("replicas: 3", with: "replicas: 4"))
        try scene.add(Self.pod(3))
        let plan = scene.plan()
        let status = try #require(try plan.status(of: "main")["fileHash"]?.string)
        #expect(status.count == 12)
        #expect(plan.annotations.map(\.pod.name) == ["a-0", "a-1", "a-3"])
        #expect(plan.annotations.allSatisfy { $0.name == "tributary.dev/hashring-hash" && $0.value == status })
        #expect(plan.annotations.first?.uid == "u-0")
        try scene.publish(plan)
        for ordinal in [0, 1, 3] {
            try scene.add(Self.pod(ordinal, annotations: "{tributary.dev/hashring-hash: '\(status)'}"))
        }
        #expect(scene.plan().annotations == [])
    }

    @Test func `Pods that have loaded the file, or are newer than it, are not annotated`() throws {
        var (scene, hash) = try Self.scene("{annotatePods: true}")
        let later = Scene.start.advanced(by: .seconds(5)).description
        try scene.add(Self.pod(0, created: later))
        scene.snapshot.take(.loadedHashring(Scene.key("a-1"), .loaded(hash), at: Scene.start))
        #expect(scene.plan().annotations.map(\.pod.name) == ["a-2"])
        // Its metric shows that it has not loaded the file.
        scene.snapshot.take(.loadedHashring(Scene.key("a-0"), .loaded(Self.old), at: Scene.start))
        #expect(scene.plan().annotations.map(\.pod.name) == ["a-0", "a-2"])
    }
}
