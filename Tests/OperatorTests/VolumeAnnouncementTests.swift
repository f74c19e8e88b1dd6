import Kube
import KubeRuntime
import Logging
import PlanningInput
import TestSupport
import Testing

@testable import Operator

@Suite("Pods that are annotated after an object was written", .timeLimit(.minutes(4)))
struct VolumeAnnouncementTests {
    private struct NotAsked: Error {}

    /// The pods that are annotated once some objects were written, of pods that exist.
    private static func annotated(
        _ written: [(object: Object, isNew: Bool)], pods: [OwnPod], count: Int
    ) async throws -> [String] {
        let annotated = Locked<[String]>([])
        let api = ObjectAPI(
            get: { _, _ in throw NotAsked() }, apply: { _, _, _, _ in throw NotAsked() },
            create: { _, _ in throw NotAsked() }, update: { _, _ in throw NotAsked() },
            merge: { _, key, body in
                let value = body["metadata", "annotations", VolumeRefresh.annotation]?.string ?? ""
                annotated.withLock { $0.append("\(key.name) \(value)") }
                return Object([:])
            }, delete: { _, _, _ in throw NotAsked() })
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let refresh = VolumeRefresh(
            annotator: PodAnnotator(api: api, mayWrite: { true }, logger: logger), logger: logger
        ) { group in pods.filter { $0.group == group } }
        let running = Task { await refresh.run() }
        for (object, isNew) in written { refresh.wrote(object, isNew: isNew) }
        try await waitUntil("pods are annotated") { annotated.withLock { $0.count >= count } }
        running.cancel()
        await running.value
        return annotated.withLock { $0 }.sorted()
    }

    private static func object(
        _ resource: Resource, _ name: String, of instance: String, component: String, program: String, version: String
    ) -> Object {
        var object = Object(
            resource, namespace: "a", name: name,
            labels: [
                "app.kubernetes.io/managed-by": "tributary", "app.kubernetes.io/name": program,
                "app.kubernetes.io/instance": instance, "app.kubernetes.io/component": component,
            ], [:])
        object.json["metadata", "resourceVersion"] = JSON(version)
        return object
    }

    private static func agentPod(_ name: String, of instance: String) throws -> OwnPod {
        try #require(
            OwnPod(object(.pods, name, of: instance, component: "agent", program: "prometheus-agent", version: "1")))
    }

    private static func configuration(of instance: String, version: String) -> Object {
        object(.secrets, instance, of: instance, component: "agent", program: "prometheus-agent", version: version)
    }

    @Test func `The copy of a tenant's credential is announced to the pods of its agent`() async throws {
        let copy = Self.object(
            .secrets, "x-credential", of: "x", component: "write-credential", program: "credential", version: "7")
        let pods = [try Self.agentPod("x-0", of: "x"), try Self.agentPod("y-0", of: "y")]
        #expect(try await Self.annotated([(copy, false)], pods: pods, count: 1) == ["x-0 7"])
    }

    @Test func `A new object is announced to pods that are there already, and to no others`() async throws {
        let pods = [try Self.agentPod("x-0", of: "x"), try Self.agentPod("z-0", of: "z")]
        let written = [
            (Self.configuration(of: "y", version: "5"), true), (Self.configuration(of: "x", version: "6"), true),
            (Self.configuration(of: "z", version: "7"), false),
        ]
        #expect(try await Self.annotated(written, pods: pods, count: 2) == ["x-0 6", "z-0 7"])
    }
}
