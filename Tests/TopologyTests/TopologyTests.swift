import Kube
import PlanningInput
import TestSupport
import Testing

@testable import Topology

@Suite("What stands where") struct TopologyTests {
    private static let pod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: main-receive-rest-1
          namespace: o11y
          labels: {app.kubernetes.io/managed-by: tributary, app.kubernetes.io/instance: main,
            app.kubernetes.io/component: receive, app.kubernetes.io/name: thanos-receive, tributary.dev/hashring: rest}
          ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: main-receive-rest, uid: u, controller: true}]
        status:
          conditions: [{type: Ready, status: "False"}]
          containerStatuses: [{name: receive, state: {waiting: {reason: ImagePullBackOff, message: no such image}}}]

        """
    private static let set = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: main-receive-rest
          namespace: o11y
          labels: {app.kubernetes.io/managed-by: tributary, app.kubernetes.io/instance: main,
            app.kubernetes.io/component: receive, app.kubernetes.io/name: thanos-receive, tributary.dev/hashring: rest}
        spec: {replicas: 3, serviceName: main-receive-rest}

        """
    private static let file = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: main-hashrings, namespace: o11y,
          managedFields: [{manager: tributary, fieldsV1: {"f:data": {"f:hashrings.json": {}}}}]}
        data:
          hashrings.json: '[{"hashring": "rest", "endpoints": [{"address": "main-receive-rest-0.r.o11y.svc:10901"},
            {"address": "main-receive-rest-1.r.o11y.svc:10901"}]}]'

        """

    @Test func `Receivers come from the file, the pods and the status, the worst first`() throws {
        var places = Places()
        let pending = "[{name: rest, members: 2, desired: 3, pending: [{pod: main-receive-rest-2, reason: NotReady}]}]"
        try places.add(Places.view("True", pending) + "---\n" + Self.set + "---\n" + Self.pod + "---\n" + Self.file)
        let ring = try #require(places.topology.views.first?.rings.last)
        #expect(ring.health == .wrong && ring.isSoft && ring.members == 2 && ring.desired == 3)
        #expect(
            ring.receivers.map { "\($0.name) \($0.health) \($0.note ?? "")" } == [
                "main-receive-rest-1 wrong container receive with image ?: ImagePullBackOff: no such image",
                "main-receive-rest-0 waiting has no pod",
                "main-receive-rest-2 waiting waits to join or to leave: NotReady",
            ])
    }

    @Test func `Tenants stand at their ring, and one that names no ring at the soft one`() throws {
        var places = Places()
        try places.add(Places.view())
        try places.add(Places.tenant("a", ring: "hard"))
        try places.add(Places.tenant("b"))
        try places.add(Places.tenant("c", ring: "absent", ready: false))
        try places.add(
            """
            apiVersion: tributary.dev/v1alpha1
            kind: PrometheusAgent
            metadata: {name: edge, namespace: edge, generation: 1}
            spec: {version: 3.5.0, tenantRef: {name: b, namespace: o11y}}
            status:
              observedGeneration: 1
              ready: 1
              desired: 1x1
              delivery: {behind: 5m, behindSeconds: 300}
              conditions:
              - {type: Ready, status: "True", reason: Ready, message: ""}
              - {type: Delivering, status: "False", reason: Behind, message: 5 minutes behind,
                 lastTransitionTime: "2026-11-21T09:19:00Z"}
            """)
        let topology = places.topology
        #expect(
            topology.tenants.map { "\($0.key.name) \($0.ring ?? "-") \($0.health)" } == [
                "c - wrong", "a hard ok", "b rest ok",
            ])
        #expect(topology.tenants.last?.behind == 300 && topology.tenants.last?.agents.map(\.name) == ["edge"])
        let agent = try #require(topology.agents.first)
        #expect(agent.health == .wrong && agent.troubles.map(\.reason) == ["Behind"] && agent.ready == 1)
        let view = try #require(topology.views.first)
        #expect(view.tenants.all == 3 && view.rings.map(\.tenants.all) == [1, 1])
        #expect(
            topology.troubles.map(\.reason) == ["DuplicateID", "Behind"]
                || topology.troubles.map(\.reason) == ["Behind", "DuplicateID"])
    }

    @Test func `Of files it is known what there would be, and not how it is`() throws {
        var places = Places()
        for name in try Checkout.list("examples/thanos-managed") where name.hasSuffix(".yaml") {
            try places.add(try Checkout.read(name))
        }
        places.plan()
        let topology = places.topology
        let view = try #require(topology.views.first)
        #expect(view.health == .unknown && view.rings.allSatisfy { $0.health == .unknown && !$0.receivers.isEmpty })
        #expect(view.parts.contains { $0.role == .query } && view.parts.allSatisfy { $0.health == .unknown })
        #expect(!topology.tenants.isEmpty && topology.troubles.isEmpty)
    }

    @Test func `A workload that is not ready waits, and one whose pod fails is wrong`() throws {
        func deployment(_ component: String, _ name: String, ready: Int) -> String {
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: \(name)
              namespace: o11y
              labels: {app.kubernetes.io/managed-by: tributary, app.kubernetes.io/instance: main,
                app.kubernetes.io/component: \(component), app.kubernetes.io/name: thanos-query}
            spec: {replicas: 2}
            status: {readyReplicas: \(ready), updatedReplicas: 2}
            ---

            """
        }
        var places = Places()
        try places.add(
            Places.view() + "---\n" + deployment("query", "main-query", ready: 1)
                + deployment("query-tenants", "main-query-tenants", ready: 2)
                + deployment("read-proxy", "a-read", ready: 0))
        let parts = try #require(places.topology.views.first?.parts)
        #expect(
            parts.map { "\($0.role.rawValue) \($0.health) \($0.note ?? "")" } == [
                "query waiting 1 of 2 pods are ready", "tenant query ok ",
            ])
    }

    @Test func `Ten thousand tenants are put in their places in a moment`() throws {
        var places = Places()
        try places.add(Places.view())
        for number in 0..<10_000 { try places.add(Places.tenant("t-\(number)", ready: number % 1000 != 0)) }
        let start = ContinuousClock.now
        let topology = places.topology
        let took = ContinuousClock.now - start
        // Some 20 ms in a release build; this bounds what is not linear.
        #expect(took < .seconds(20), "\(took)")
        #expect(topology.tenants.prefix(10).allSatisfy { $0.health == .wrong })
        #expect(topology.views.first?.rings.last?.worst.count == Topology.mostNamed)
        #expect(topology.views.first?.rings.last?.tenants.summary == "10 wrong, 9990 ok")
    }
}
