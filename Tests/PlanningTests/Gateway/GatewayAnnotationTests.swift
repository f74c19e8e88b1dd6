import Kube
import Planning
import PlanningInput
import Testing

@Suite("Announcements to gateways")
struct GatewayAnnotationTests {
    private static func pod(_ name: String, _ value: String? = nil) -> Object {
        Object(
            .pods, namespace: Scene.namespace, name: name,
            labels: ["app.kubernetes.io/component": "gateway", "app.kubernetes.io/instance": "main"],
            annotations: value.map { [GatewayPod.annotation: $0] } ?? [:])
    }

    /// Writes the annotations of a plan onto the pods.
    private static func write(_ plan: Plan, to scene: inout Scene) {
        for annotation in plan.annotations {
            scene.snapshot.take(
                .gatewayPod(annotation.pod, GatewayPod(pod(annotation.pod.name, annotation.value))))
        }
    }

    @Test func `Each pod is told of a configuration once, and a burst of changes together`() throws {
        var scene = try Scene(Samples.gateway, Samples.tenant("tenant-a"))
        for name in ["gateway-0", "gateway-1"] { try scene.add(Self.pod(name)) }
        let first = scene.plan()
        #expect(first.annotations.map(\.pod.name) == ["gateway-0", "gateway-1"])
        #expect(first.annotations.allSatisfy { $0.name == "tributary.dev/gateway-configuration" })
        Self.write(first, to: &scene)
        #expect(scene.plan().annotations == [])
        #expect(scene.plan().recheckAfter == nil)

        scene.snapshot.now = scene.snapshot.now.advanced(by: .milliseconds(500))
        try scene.add(Samples.tenant("tenant-b"))
        #expect(scene.plan().annotations == [])
        #expect(scene.plan().recheckAfter == .milliseconds(1500))
        scene.snapshot.now = scene.snapshot.now.advanced(by: .milliseconds(500))
        try scene.add(Samples.tenant("tenant-c"))
        #expect(scene.plan().recheckAfter == .seconds(1))
        scene.snapshot.now = scene.snapshot.now.advanced(by: .seconds(1))
        let second = scene.plan()
        #expect(second.annotations.count == 2)
        #expect(second.annotations.map(\.value) != first.annotations.map(\.value))
        Self.write(second, to: &scene)
        #expect(scene.plan().annotations == [])
    }

    @Test func `An annotation by somebody else, or from the future, does not hold up the next one`() throws {
        var scene = try Scene(Samples.gateway)
        try scene.add(Self.pod("gateway-0", "by hand"))
        try scene.add(Self.pod("gateway-1", "abc \(scene.snapshot.now.advanced(by: .seconds(3600)))"))
        #expect(scene.plan().annotations.count == 2)
    }
}
