import Kube
import TestSupport
import Testing
import YAML

@testable import LocalCluster

/// A cluster and its controllers.
private struct Workshop {
    let cluster = InProcessClient(store: ClusterStore(historyLimit: 1000))
    let controllers: Controllers

    init(readyDelay: Duration = .milliseconds(1)) throws {
        controllers = Controllers(cluster: cluster, readyDelay: readyDelay)
        _ = try cluster.create(.namespaces, Object(.namespaces, name: "default"))
    }

    /// Runs a test while the controllers work.
    func run(_ test: () async throws -> Void) async throws {
        let work = Task { [controllers] in await controllers.run() }
        defer { work.cancel() }
        try await test()
    }

    @discardableResult
    func create(_ resource: Resource, _ yaml: String) throws -> Object {
        var json = try #require(try YAML.parse(yaml).first).value
        json["apiVersion"] = .string(resource.apiVersion)
        json["kind"] = .string(resource.kind)
        json["metadata", "namespace"] = "default"
        return try cluster.create(resource, Object(json))
    }

    /// Changes an object, and retries on a conflict.
    func change(_ resource: Resource, _ name: String, _ body: (inout JSON) -> Void) throws {
        var isDone = false
        while !isDone {
            var object = try #require(get(resource, name))
            body(&object.json)
            isDone = try attempt(resource, object)
        }
    }

    private func attempt(_ resource: Resource, _ object: Object) throws -> Bool {
        do {
            _ = try cluster.update(resource, object, subresource: nil)
            return true
        } catch {
            if error.isConflict { return false }
            throw error
        }
    }

    func get(_ resource: Resource, _ name: String) -> Object? {
        cluster.get(resource, ObjectKey(namespace: "default", name: name))
    }

    var pods: [Object] { cluster.list(.pods, namespace: "default") }
    var podNames: [String] { pods.map(\.name).sorted() }
    var slice: Object? { cluster.list(.endpointSlices, namespace: "default").first }
}

@Suite("Workload controllers") struct ControllersTests {
    static let statefulSet = """
        metadata: {name: s}
        spec:
          replicas: 3
          serviceName: s
          selector: {matchLabels: {app: s}}
          template:
            metadata: {labels: {app: s}}
            spec: {containers: [{name: c, image: 'c:1', ports: [{name: http, containerPort: 8080}]}]}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """
    static let deployment = """
        metadata: {name: d}
        spec:
          replicas: 2
          selector: {matchLabels: {app: d}}
          template:
            metadata: {labels: {app: d}}
            spec: {containers: [{name: c, image: 'c:1'}]}
        """
    static let service = """
        metadata: {name: s, labels: {team: x}}
        spec: {clusterIP: None, selector: {app: s}, ports: [{name: web, port: 80, targetPort: http}]}
        """

    @Test func `A Deployment gets pods and reports when they are available`() async throws {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.deployments, Self.deployment)
            try await waitUntil("the deployment is available") {
                shop.get(.deployments, "d")?.json["status", "availableReplicas"] == 2
            }
            let deployment = try #require(shop.get(.deployments, "d"))
            #expect(deployment.hasCondition("Available"))
            #expect(deployment.annotations["deployment.kubernetes.io/revision"] == "1")
            #expect(deployment.generation == 1)
            #expect(deployment.json["status", "observedGeneration"] == 1)
            let set = try #require(shop.cluster.list(.replicaSets, namespace: "default").first)
            #expect(shop.pods.allSatisfy { $0.name.hasPrefix(set.name + "-") && $0.isReadyPod })
            #expect(Set(shop.pods.compactMap { $0.json["status", "podIP"]?.string }).count == 2)
        }
    }

    @Test func `A Deployment with a new template replaces its pods and keeps the old ReplicaSet`() async throws {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.deployments, Self.deployment)
            try await waitUntil("two pods are ready") { shop.pods.filter(\.isReadyPod).count == 2 }
            try shop.change(.deployments, "d") { json in
                json["spec", "template", "spec", "containers"] = [["name": "c", "image": "c:2"]]
                json["spec", "replicas"] = 3
            }
            try await waitUntil("the new pods have taken over") {
                let images = shop.pods.compactMap { $0.json["spec", "containers"]?[0]?["image"]?.string }
                return images == ["c:2", "c:2", "c:2"]
                    && shop.get(.deployments, "d")?.json["status", "updatedReplicas"] == 3
            }
            let revisions = shop.cluster.list(.replicaSets, namespace: "default")
                .compactMap { $0.annotations["deployment.kubernetes.io/revision"] }
            #expect(revisions.sorted() == ["1", "2"])
        }
    }

    @Test func `A Deployment with the strategy Recreate deletes all old pods before it creates new ones`() async throws
    {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(
                .deployments,
                Self.deployment.replacing("  replicas: 2", with: "  replicas: 2\n  strategy: {type: Recreate}"))
            try await waitUntil("two pods are ready") { shop.pods.filter(\.isReadyPod).count == 2 }
            try shop.change(.deployments, "d") { $0["spec", "template", "metadata", "labels", "v"] = "2" }
            try await waitUntil("both pods are new") { shop.pods.filter { $0.labels["v"] == "2" }.count == 2 }
            #expect(shop.pods.count == 2)
        }
    }

    @Test func `A StatefulSet creates its pods one after the other, each with its own claims`() async throws {
        let shop = try Workshop()
        try await shop.run {
            let changes = shop.cluster.watch([.pods])
            try shop.create(.statefulSets, Self.statefulSet)
            var ready: [String] = []
            for await change in changes {
                if change.kind == .added { #expect(change.object.name == "s-\(ready.count)") }
                if change.object.isReadyPod { ready.append(change.object.name) }
                if ready.count == 3 { break }
            }
            #expect(ready == ["s-0", "s-1", "s-2"])
            try await waitUntil("the status counts the pods") {
                shop.get(.statefulSets, "s")?.json["status", "readyReplicas"] == 3
            }
            let pod = try #require(shop.get(.pods, "s-1"))
            #expect(pod.json["spec", "hostname"] == "s-1")
            #expect(pod.labels["apps.kubernetes.io/pod-index"] == "1")
            #expect(shop.get(.persistentVolumeClaims, "data-s-1")?.json["status", "phase"] == "Bound")
        }
    }

    @Test func `A parallel StatefulSet creates all its pods at once`() async throws {
        let shop = try Workshop(readyDelay: .seconds(60))
        try await shop.run {
            try shop.create(
                .statefulSets,
                Self.statefulSet.replacing("  replicas: 3", with: "  replicas: 3\n  podManagementPolicy: Parallel"))
            try await waitUntil("three pods exist") { shop.pods.count == 3 }
            #expect(shop.pods.allSatisfy { !$0.isReadyPod })
        }
    }

    @Test func `A StatefulSet that scales down deletes its highest pods, and scales up under the same names`()
        async throws
    {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.statefulSets, Self.statefulSet)
            try await waitUntil("three pods are ready") { shop.pods.filter(\.isReadyPod).count == 3 }
            try shop.change(.statefulSets, "s") { $0["spec", "replicas"] = 1 }
            try await waitUntil("one pod is left") { shop.podNames == ["s-0"] }
            try shop.change(.statefulSets, "s") { $0["spec", "replicas"] = 2 }
            try await waitUntil("two pods exist") { shop.podNames == ["s-0", "s-1"] }
        }
    }

    @Test func `A StatefulSet recreates a deleted pod`() async throws {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.statefulSets, Self.statefulSet)
            try await waitUntil("three pods are ready") { shop.pods.filter(\.isReadyPod).count == 3 }
            let before = try #require(shop.get(.pods, "s-1")?.uid)
            try shop.cluster.delete(.pods, ObjectKey(namespace: "default", name: "s-1"))
            try await waitUntil("a new pod with the name is ready") {
                shop.get(.pods, "s-1").map { $0.uid != before && $0.isReadyPod } ?? false
            }
        }
    }

    @Test func `A StatefulSet with a new template replaces its pods from the highest ordinal down`() async throws {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.statefulSets, Self.statefulSet)
            try await waitUntil("all pods are ready") {
                shop.get(.statefulSets, "s")?.json["status", "readyReplicas"] == 3
            }
            let changes = shop.cluster.watch([.pods])
            try shop.change(.statefulSets, "s") { $0["spec", "template", "metadata", "labels", "v"] = "2" }
            var deleted: [String] = []
            for await change in changes where change.kind == .deleted {
                deleted.append(change.object.name)
                if deleted.count == 3 { break }
            }
            #expect(deleted == ["s-2", "s-1", "s-0"])
            try await waitUntil("the new revision is the current one") {
                let status = shop.get(.statefulSets, "s")?.json["status"]
                return status?["updatedReplicas"] == 3 && status?["currentRevision"] == status?["updateRevision"]
            }
        }
    }

    @Test func `An annotation makes a pod unready, and its removal makes it ready again`() async throws {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.services, Self.service)
            try shop.create(.statefulSets, Self.statefulSet.replacing("replicas: 3", with: "replicas: 1"))
            func isReady() -> Bool? { shop.slice?.json["endpoints"]?[0]?["conditions", "ready"]?.bool }
            try await waitUntil("the endpoint is ready") { isReady() == true }
            try shop.change(.pods, "s-0") { $0["metadata", "annotations", Kubelet.readyAnnotation] = "false" }
            try await waitUntil("the endpoint is not ready") { isReady() == false }
            #expect(shop.get(.pods, "s-0")?.json["status", "phase"] == "Running")
            try await waitUntil("the set counts no ready pod") {
                shop.get(.statefulSets, "s")?.json["status", "readyReplicas"] == nil
            }
            try shop.change(.pods, "s-0") { $0["metadata", "annotations"] = nil }
            try await waitUntil("the endpoint is ready again") { isReady() == true }
        }
    }

    @Test func `The EndpointSlice of a headless Service lists the pods with their host names and ports`() async throws {
        let shop = try Workshop()
        _ = try shop.cluster.create(
            .nodes, Object(.nodes, name: "n1", labels: ["topology.kubernetes.io/zone": "z1"]))
        try await shop.run {
            try shop.create(.statefulSets, Self.statefulSet.replacing("replicas: 3", with: "replicas: 2"))
            try shop.create(.services, Self.service)
            try await waitUntil("both pods are in the slice") { shop.slice?.json["endpoints"]?.array?.count == 2 }
            let slice = try #require(shop.slice)
            #expect(slice.name.hasPrefix("s-"))
            #expect(slice.labels["kubernetes.io/service-name"] == "s")
            #expect(slice.labels["service.kubernetes.io/headless"] == "")
            #expect(slice.labels["team"] == "x")
            #expect(slice.json["ports"] == [["name": "web", "port": 8080, "protocol": "TCP"]])
            let endpoint = try #require(slice.json["endpoints"]?[0])
            #expect(endpoint["hostname"] == "s-0")
            #expect(endpoint["zone"] == "z1")
            #expect(endpoint["targetRef", "name"] == "s-0")
            #expect(slice.ownerReferences.first?.kind == "Service")
        }
    }

    @Test func `Controllers with nothing to do write nothing`() async throws {
        let shop = try Workshop()
        try await shop.run {
            try shop.create(.services, Self.service)
            try shop.create(.deployments, Self.deployment)
            try shop.create(.statefulSets, Self.statefulSet)
            try await waitUntil("everything is ready") {
                shop.pods.filter(\.isReadyPod).count == 5
                    && shop.get(.statefulSets, "s")?.json["status", "readyReplicas"] == 3
                    && shop.get(.deployments, "d")?.json["status", "availableReplicas"] == 2
                    && shop.slice?.json["endpoints"]?.array?.count == 3
            }
            func revision() -> Int { shop.cluster.store.read { $0.revision } }
            try await waitUntil("reconciling every object changes nothing") {
                let before = revision()
                for key in [
                    Controllers.Key.deployment(ObjectKey(namespace: "default", name: "d")),
                    .statefulSet(ObjectKey(namespace: "default", name: "s")),
                    .service(ObjectKey(namespace: "default", name: "s")),
                ] + shop.pods.map({ .pod($0.key) }) { _ = shop.controllers.reconcile(key) }
                return revision() == before
            }
        }
    }
}
