import Kube
import Planning
import PlanningInput
import PrometheusConfig
import Testing
import TributaryAPI

/// What an agent's status says about monitors that are selected and match nothing.
@Suite("Monitors without targets")
struct IdleMonitorTests {
    private static let agent = ObjectKey(namespace: "observability", name: "cluster")

    private static func scene(_ monitors: [String]) throws -> Scene {
        var scene = try Scene(MonitorSamples.agent("serviceMonitorSelector: {}"))
        for monitor in monitors { try scene.add(monitor) }
        scene.snapshot.watchesDelivery = true
        return scene
    }

    private static func monitor(_ name: String, endpoints: String = "{port: web}") -> String {
        """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {namespace: observability, name: \(name)}
        spec: {selector: {}, endpoints: [\(endpoints)]}
        """
    }

    @Test func `A monitor without targets is named, and so is an endpoint`() throws {
        var scene = try Self.scene([
            Self.monitor("good"), Self.monitor("empty"), Self.monitor("half", endpoints: "{port: web}, {port: wbe}"),
        ])
        scene.snapshot.take(
            .idleJobs(
                [
                    "serviceMonitor/observability/empty/0", "serviceMonitor/observability/half/1",
                    "serviceMonitor/observability/gone/0",
                ], of: Self.agent))
        let plan = scene.plan(agent: "cluster")
        let status = try plan.status(of: "cluster")
        #expect(status["withoutTargets"] == 2)
        #expect(status["monitors"] == 3)
        let named = status["monitorsWithoutTargets"]?.array ?? []
        #expect(named.map { $0["name"]?.string } == ["empty", "half"])
        #expect(
            named.first?["message"]
                == "has had no targets for some minutes: nothing matches it, or its relabelings drop all that does; \"tributary why servicemonitor observability/empty\" says more"
        )
        #expect(named.last?["message"]?.string?.hasPrefix("spec.endpoints[1]: has had no targets") == true)
        #expect(plan.monitors?.withoutTargets.map(\.reason) == ["NoTargets", "NoTargets"])
        #expect(plan.diagnostics.isEmpty)
    }

    @Test func `The first of many monitors without targets are named, and all are counted`() throws {
        let names = (100..<160).map { "m\($0)" }
        var scene = try Self.scene(names.map { Self.monitor($0) })
        scene.snapshot.take(
            .idleJobs(Set(names.map { "serviceMonitor/observability/\($0)/0" }), of: Self.agent))
        let status = try scene.plan(agent: "cluster").status(of: "cluster")
        #expect(status["withoutTargets"] == 60)
        #expect(status["monitorsWithoutTargets"]?.array?.count == 20)
        #expect(
            PrometheusAgent.schema.validate(["status": status]).filter { $0.path.steps.first == .key("status") } == [])
    }

    @Test func `An operator that has just started leaves what the status says until it knows`() throws {
        var scene = try Self.scene([Self.monitor("empty")])
        scene.snapshot.take(.idleJobs(["serviceMonitor/observability/empty/0"], of: Self.agent))
        let before = try scene.plan(agent: "cluster").status(of: "cluster")
        var later = try Self.scene([Self.monitor("empty")])
        var agent = try #require(later.snapshot.agents[Self.agent])
        agent.status = try before.decode()
        later.snapshot.take(.agent(Self.agent, Boxed(agent)))
        let after = try later.plan(agent: "cluster").status(of: "cluster")
        #expect(after["monitorsWithoutTargets"] == before["monitorsWithoutTargets"])
        #expect(after["withoutTargets"] == 1)
        later.snapshot.take(.idleJobs([], of: Self.agent))
        let known = try later.plan(agent: "cluster").status(of: "cluster")
        #expect(known["withoutTargets"] == 0)
        #expect(known["monitorsWithoutTargets"] == nil)
        later.snapshot.watchesDelivery = false
        #expect(try later.plan(agent: "cluster").status(of: "cluster")["withoutTargets"] == nil)
    }
}
