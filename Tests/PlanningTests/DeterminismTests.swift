import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Determinism of plans")
struct DeterminismTests {
    private static let agent =
        Samples.agent.replacing("{cluster: eu-1}", with: "{a: x, b: x, c: x, d: x, e: x, f: x, g: x}")
        + "\n  nodeSelector: {a: x, b: x, c: x, d: x, e: x}\n  podMetadata: {labels: {a: x, b: x, c: x, d: x}}"
        + "\n  remoteWrite: [{name: tenant, headers: {X-A: a, X-B: b, X-C: c, X-D: d, X-E: e}}]"

    private static let objects =
        [Samples.thanos, agent]
        + (0..<12).map { number in
            Samples.tenant("tenant-\(number)", number < 6 ? "{hashring: hashring-\(number % 2)}" : "{}")
        } + [Samples.tenant("tenant-a")]

    private static func text(_ order: [String]) throws -> String {
        var scene = try Scene()
        for text in order { try scene.add(text) }
        for hashring in ["hashring-1", "default", "hashring-0"].shuffled() {
            try scene.receivers(hashring, replicas: 3, ready: 2, pods: 3)
        }
        let plan = scene.planner.plan()
        #expect(plan.diagnostics == [])
        return YAML.write(plan.objects.map(\.json)) + YAML.write(plan.statuses.map(\.status))
    }

    @Test func `The same snapshot gives the same bytes, in whatever order objects were added`() throws {
        let first = try Self.text(Self.objects)
        for _ in 0..<8 { #expect(try Self.text(Self.objects.shuffled()) == first) }
    }

    @Test func `The plans of single custom resources add up to the plan of all of them`() throws {
        var scene = try HashringPlanTests.scene()
        try scene.add(Samples.agent)
        var parts = Plan()
        for key in scene.snapshot.planKeys { parts.add(scene.planner.plan(for: key)) }
        #expect(parts == scene.planner.plan())
    }

    @Test func `Adding and removing a tenant restores the plan`() throws {
        var scene = try HashringPlanTests.scene()
        let before = scene.planner.plan()
        try scene.add(Samples.tenant("tenant-c", "{hashring: hashring-0, id: tenant-b}"))
        #expect(scene.planner.plan() != before)
        scene.snapshot.take(.tenant(Scene.key("tenant-c"), nil))
        #expect(scene.planner.plan() == before)
    }

    @Test func `A snapshot with two thousand tenants can be planned`() throws {
        var scene = try Scene(Samples.thanos)
        for hashring in ["default", "hashring-0", "hashring-1"] { try scene.receivers(hashring, replicas: 3) }
        let template = try Tenant(Object(try YAML.parseOne(Samples.tenant("tenant")).value))
        for number in 0..<2000 {
            var tenant = template
            tenant.metadata.name = "tenant-\(number)"
            tenant.metadata.namespace = Scene.namespace
            tenant.metadata.uid = "uid-\(number)"
            tenant.spec.hashring = number.isMultiple(of: 4) ? "hashring-0" : nil
            scene.snapshot.take(.tenant(tenant.metadata.key, Boxed(tenant)))
        }
        let plan = scene.planner.plan()
        #expect(plan.diagnostics == [])
        #expect(plan.objects.count == 1 + 3 * 2000)
        #expect(try plan.hashrings()[0]?["tenants"]?.array?.count == 500)
    }
}
