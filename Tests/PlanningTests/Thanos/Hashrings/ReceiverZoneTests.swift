import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Availability zones of receivers")
struct ReceiverZoneTests {
    private static func view(_ zone: String, replicationFactor: Int = 1) -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          thanos:
            replicationFactor: \(replicationFactor)
            hashrings:
            - name: default
              soft: true
              adopt: {selector: {matchLabels: {ring: default}}}
              membership: {zone: \(zone)}
        """
    }

    private static func set(_ name: String, replicas: Int) -> String {
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: \(name), labels: {ring: default}}
        spec: {replicas: \(replicas), serviceName: \(name)-headless, selector: {matchLabels: {app: \(name)}}}
        """
    }

    private static func pod(_ set: String, _ ordinal: Int, annotations: String = "{}", isReady: Bool = true) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: \(set)-\(ordinal)
          annotations: \(annotations)
          ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: \(set), uid: u, controller: true}]
        spec: {nodeName: node-\(ordinal)}
        status: {conditions: [{type: Ready, status: "\(isReady ? "True" : "False")"}]}
        """
    }

    private static func node(_ ordinal: Int, _ labels: String) -> String {
        "{apiVersion: v1, kind: Node, metadata: {name: node-\(ordinal), namespace: '', labels: {\(labels)}}}"
    }

    private static func zones(_ plan: Plan) throws -> [String] {
        try (plan.hashrings()[0]?["endpoints"]?.array ?? []).map { endpoint in
            let address = endpoint.string ?? endpoint["address"]?.string ?? ""
            return "\(address.prefix { $0 != "." }) \(endpoint["az"]?.string ?? "-")"
        }
    }

    @Test(arguments: [
        ("{from: node}", ["a-0 eu-1", "a-1 eu-2"]), ("{from: node, key: rack}", ["a-0 r1", "a-1 r2"]),
        ("{from: annotation, key: example.com/zone}", ["a-0 left", "a-1 right"]),
        ("{from: endpointSlice}", ["a-0 south", "a-1 north"]), ("{from: statefulSet}", ["a-0 a", "a-1 a"]),
    ])
    func `The zone of a receiver comes from the source that its hashring names`(zone: String, expected: [String]) throws
    {
        let scene = try Scene(
            Self.view(zone), Self.set("a", replicas: 2),
            Self.pod("a", 0, annotations: "{example.com/zone: left}"),
            Self.pod("a", 1, annotations: "{example.com/zone: right}"),
            Self.node(0, "topology.kubernetes.io/zone: eu-1, rack: r1"),
            Self.node(1, "topology.kubernetes.io/zone: eu-2, rack: r2"),
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: a-headless-x, labels: {kubernetes.io/service-name: a-headless}}
            endpoints:
            - {zone: south, targetRef: {kind: Pod, name: a-0}}
            - {zone: north, hostname: a-1}
            """,
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: other, labels: {kubernetes.io/service-name: other}}
            endpoints: [{zone: elsewhere, targetRef: {kind: Pod, name: a-0}}]
            """)
        let plan = scene.plan()
        #expect(try Self.zones(plan) == expected)
        #expect(plan.messages == [])
    }

    @Test func `A receiver joins once its zone is known, and members stay when their node is deleted`() throws {
        var scene = try Scene(
            Self.view("{from: node}"), Self.set("a", replicas: 2), Self.pod("a", 0), Self.pod("a", 1),
            Self.node(0, "topology.kubernetes.io/zone: eu-1"), Self.node(1, "topology.kubernetes.io/zone: eu-2"))
        try scene.publish(scene.plan())
        try scene.add(Self.set("a", replicas: 3))
        try scene.add(Self.pod("a", 2))
        scene.snapshot.take(.nodeZone(nil, node: "node-1", label: "topology.kubernetes.io/zone"))
        let plan = scene.plan()
        #expect(try Self.zones(plan) == ["a-0 eu-1", "a-1 eu-2"])
        let pending = try plan.status(of: "main")["hashrings"]?[0]?["pending"]?.array
        #expect(pending?.count == 1)
        #expect(pending?[0]["pod"] == "a-2")
        #expect(pending?[0]["reason"] == "ZoneUnknown")
        #expect(try plan.readiness(of: "main") == "False MembersPending")
        try scene.add(Self.node(2, "topology.kubernetes.io/zone: eu-3"))
        #expect(try Self.zones(scene.plan()) == ["a-0 eu-1", "a-1 eu-2", "a-2 eu-3"])
    }

    @Test(arguments: ["''", "\"a b\"", "\"\(String(repeating: "z", count: 300))\"", "\"a\\nb\""])
    func `A receiver whose annotation is not a possible zone does not join`(text: String) throws {
        var scene = try Scene(
            Self.view("{from: annotation, key: zone}"), Self.set("a", replicas: 1),
            Self.pod("a", 0, annotations: "{zone: one}"))
        try scene.publish(scene.plan())
        try scene.add(Self.set("a", replicas: 2))
        try scene.add(Self.pod("a", 1, annotations: "{zone: \(text)}"))
        #expect(try Self.zones(scene.plan()) == ["a-0 one"])
    }

    @Test func `The source of zones determines which resources are watched`() throws {
        func scopes(_ zone: String) throws -> [String] {
            let scene = try Scene(Self.view(zone), Self.set("a", replicas: 1), Self.set("b", replicas: 1))
            return scene.snapshot.scopes(of: Scene.key("main")).map {
                "\($0.resource.plural) \($0.namespace ?? "*") \($0.labelSelector)"
            }.sorted()
        }
        let receivers = [
            "pods observability app=a", "pods observability app=b",
            // Tributary's own StatefulSets of former hashrings.
            "statefulsets observability app.kubernetes.io/component=receive,app.kubernetes.io/instance=main,"
                + "app.kubernetes.io/managed-by=tributary",
            "statefulsets observability ring=default",
        ]
        #expect(try scopes("{from: statefulSet}") == receivers)
        #expect(try scopes("{from: annotation, key: zone}") == receivers)
        #expect(try scopes("{from: node}") == ["nodes * topology.kubernetes.io/zone"] + receivers)
        #expect(
            try scopes("{from: endpointSlice}") == [
                "endpointslices observability kubernetes.io/service-name=a-headless",
                "endpointslices observability kubernetes.io/service-name=b-headless",
            ] + receivers)
    }
}
