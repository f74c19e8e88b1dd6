import Kube
import KubeClient
import TestSupport
import Testing
import YAML

@testable import LocalCluster

/// Input that must neither stop the server nor be taken for something else.
@Suite("Hostile input") struct HostileInputTests {
    private func request(_ target: String) -> APIRequest { APIRequest(method: "GET", target: target) }

    private func target(_ request: APIRequest) throws -> RequestTarget {
        try #require(RequestTarget(request.segments, registry: Registry()))
    }

    @Test(arguments: [-1, 65536, Int.max])
    func `A cluster on a port that does not exist does not start`(port: Int) async throws {
        let error = await #expect(throws: (any Error).self) {
            try await LocalCluster(options: .init(port: port)).start()
        }
        #expect("\(try #require(error))" == "port \(port) should be between 0 and 65535")
    }

    @Test func `A watch with the longest timeout is served`() async throws {
        let cluster = LocalCluster(options: .init(controllers: false))
        try await cluster.start()
        try await Workspace.with(ClusterConfiguration(server: cluster.url)) { space in
            let watch = Task {
                try await space.raw(
                    "GET", space.path(.configMaps),
                    query: [("watch", "true"), ("timeoutSeconds", "9223372036854775807")])
            }
            try await waitUntil("the watch is served") { cluster.watchCount == 1 }
            cluster.dropWatches()
            _ = await watch.result
            #expect(try await space.raw("GET", space.path(.configMaps)).code == 200)
        }
        await cluster.stop()
    }

    @Test func `A watch with a timeout of 0 lasts as long as one without a timeout`() throws {
        let request = request("/api/v1/configmaps?watch=true&timeoutSeconds=0")
        let target = try target(request)
        let cursor = try ClusterStore(historyLimit: 10).read { try WatchCursor(request, target, $0) }
        #expect(cursor.timeout >= .seconds(1800))
    }

    @Test(arguments: [
        "9223372036854775807//a", "-1//a", "0//a", "1//", "99999999999999999999//a", "2/other/a", "2/default", "",
    ])
    func `A continue token that the server cannot have made is refused`(token: String) throws {
        let store = ClusterStore(historyLimit: 10)
        let request = request("/api/v1/namespaces/default/configmaps?continue=\(token)")
        let target = try target(request)
        if token.isEmpty {
            #expect(try ListCall(request, target).token == nil)
            return
        }
        let error = #expect(throws: APIStatus.self) {
            let call = try ListCall(request, target)
            _ = try store.read { state throws(APIStatus) in try state.list(target.type, call) }
        }
        #expect(
            error?.code == 400 && error?.message.hasPrefix("invalid continue token: continue key is not valid") == true)
    }

    @Test func `A percent sign without two hexadecimal digits stays in the path`() {
        #expect(request("/a%+5/%zz/%4/%41").segments == ["a%+5", "%zz", "%4", "A"])
    }

    @Test func `Restarts beyond the largest number do not stop a table`() throws {
        let pod = Object(
            .pods, name: "x",
            [
                "status": [
                    "containerStatuses": [["restartCount": 9_223_372_036_854_775_807], ["restartCount": 1]]
                ]
            ])
        let type = try #require(Registry().lookup(.pods))
        #expect(type.table(of: [pod])["rows"]?[0]?["cells"]?[3]?.string != nil)
    }

    @Test func `A column path with deeply nested filters is not parsed`() {
        let depth = 100_000
        let path = ".a" + String(repeating: "[?(@", count: depth) + ".b" + String(repeating: ")]", count: depth)
        #expect(JSONPath(path) == nil)
        #expect(JSONPath(".a[?(@.b[?(@.c==1)].d==2)].e") != nil)
    }

    @Test func `A column with an invalid path ends the columns, as in kube-apiserver`() throws {
        var definition = try widgetDefinition()
        var version = try #require(definition.json["spec", "versions"]?[1])
        version["additionalPrinterColumns"] = [
            ["name": "Size", "type": "integer", "jsonPath": ".spec.size"],
            ["name": "Broken", "type": "string", "jsonPath": ".spec["],
            ["name": "Last", "type": "string", "jsonPath": ".spec.last"],
        ]
        definition.json["spec", "versions"] = [version]
        #expect(try ResourceType(crd: definition, version: "v1").columns.map(\.name) == ["Name", "Size"])
    }
}

/// Any client can write objects that controllers do not expect.
@Suite("Controllers with hostile objects") struct HostileObjectTests {
    private static let template = """
          selector: {matchLabels: {app: s}}
          template:
            metadata: {labels: {app: s}}
            spec: {containers: [{name: c, image: 'c:1'}]}
        """

    private func cluster() throws -> InProcessClient {
        let client = InProcessClient(store: ClusterStore(historyLimit: 1000))
        try client.create(.namespaces, Object(.namespaces, name: "default"))
        return client
    }

    @discardableResult
    private func create(_ resource: Resource, _ spec: String, in cluster: InProcessClient) throws -> Object {
        let json = try YAML.parseOne(Array("spec:\n\(spec)\n\(Self.template)".utf8)).value
        return try cluster.create(resource, Object(resource, namespace: "default", name: "s", json))
    }

    private let key = ObjectKey(namespace: "default", name: "s")

    @Test func `A StatefulSet with the largest ordinal gets its pods`() throws {
        let cluster = try cluster()
        try create(
            .statefulSets, "  replicas: 2\n  podManagementPolicy: Parallel\n  ordinals: {start: 2147483647}",
            in: cluster)
        _ = Controllers(cluster: cluster).reconcile(.statefulSet(key))
        #expect(cluster.list(.pods, namespace: nil).map(\.name) == ["s-2147483647", "s-2147483648"])
    }

    @Test func `The most replicas of a StatefulSet and of a ReplicaSet are created in steps`() throws {
        for (resource, key) in [
            (Resource.statefulSets, Controllers.Key.statefulSet(key)), (.replicaSets, .replicaSet(key)),
        ] {
            let cluster = try cluster()
            let policy = resource == .statefulSets ? "\n  podManagementPolicy: Parallel" : ""
            try create(resource, "  replicas: 2147483647\(policy)", in: cluster)
            _ = Controllers(cluster: cluster).reconcile(key)
            #expect(cluster.list(.pods, namespace: nil).count == 500)
        }
    }

    @Test func `A pod with another name does not get an ordinal`() throws {
        let cluster = try cluster()
        let set = try create(.statefulSets, "  replicas: 1", in: cluster)
        for name in ["x-0", "s-00", "s--1", "s0"] {
            try cluster.create(
                .pods,
                Object(
                    .pods, namespace: "default", name: name, ownerReferences: [set.asController],
                    ["spec": ["containers": [["name": "c", "image": "c:1"]]]]))
        }
        _ = Controllers(cluster: cluster).reconcile(.statefulSet(key))
        #expect(cluster.list(.pods, namespace: nil).map(\.name) == ["s--1", "s-0", "s-00", "s0", "x-0"])
    }

    @Test func `A Deployment with the largest revision can still change its template`() throws {
        let cluster = try cluster()
        try create(.deployments, "  replicas: 0", in: cluster)
        let controllers = Controllers(cluster: cluster)
        _ = controllers.reconcile(.deployment(key))
        var set = try #require(cluster.list(.replicaSets, namespace: nil).first)
        set.json["metadata", "annotations", "deployment.kubernetes.io/revision"] = "9223372036854775807"
        try cluster.update(.replicaSets, set, subresource: nil)
        var deployment = try #require(cluster.get(.deployments, key))
        deployment.json["spec", "template", "metadata", "labels", "v"] = "2"
        try cluster.update(.deployments, deployment, subresource: nil)
        _ = controllers.reconcile(.deployment(key))
        #expect(cluster.list(.replicaSets, namespace: nil).count == 2)
    }

    @Test func `Conditions of other writers stay when the kubelet reports its own`() throws {
        let cluster = try cluster()
        try cluster.create(
            .pods,
            Object(
                .pods, namespace: "default", name: "s", ["spec": ["containers": [["name": "c", "image": "c:1"]]]]))
        var pod = try #require(cluster.get(.pods, key))
        pod.json["status", "conditions"] = [["type": "example.com/gate", "status": "True"]]
        try cluster.update(.pods, pod, subresource: "status")
        _ = Controllers(cluster: cluster, readyDelay: .zero).reconcile(.pod(key))
        let conditions = cluster.get(.pods, key)?.json["status", "conditions"]?.array ?? []
        #expect(conditions.first == ["type": "example.com/gate", "status": "True"])
        #expect(conditions.contains { $0["type"] == "Ready" })
    }

    @Test func `A controller of another API group is not the Deployment of the same name`() async throws {
        let cluster = try cluster()
        try create(.replicaSets, "  replicas: 0", in: cluster)
        var set = try #require(cluster.get(.replicaSets, key))
        set.json["metadata", "ownerReferences"] = [
            OwnerReference(
                apiVersion: "example.com/v1", kind: "Deployment", name: "s", uid: "u", controller: true
            ).json
        ]
        #expect(Controllers.owner(of: set).isEmpty)
        set.json["metadata", "ownerReferences"] = [
            OwnerReference(apiVersion: "apps/v1", kind: "Deployment", name: "s", uid: "u", controller: true).json
        ]
        #expect(Controllers.owner(of: set) == [.deployment(key)])
    }
}
