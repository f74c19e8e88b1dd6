import Kube
import KubeClient
import TestSupport
import TributaryAPI

/// A global view with one hashring, and the StatefulSet and pods that it adopts. Needs no kubelet.
struct Receivers: Sendable {
    let server: Server
    let namespace: String
    let count: Int
    /// Whether the view has a gateway.
    var hasGateway = false

    static let viewName = "main"
    static let fileName = "main-hashrings"
    static let setName = "receive"
    private static let labels = ["ring": "soft"]

    var view: ObjectKey { ObjectKey(namespace: namespace, name: Self.viewName) }
    /// The pod that leaves and returns.
    var lastPod: ObjectKey { ObjectKey(namespace: namespace, name: "\(Self.setName)-\(count - 1)") }

    /// Creates everything, with ready pods.
    func make() async throws {
        try await makePods()
        try await makeView()
    }

    /// Creates the StatefulSet, optionally with more labels, and its pods.
    func makePods(labels: [String: String] = [:]) async throws {
        try await server.apply(Object(.namespaces, name: namespace))
        let pod: JSON = [
            "metadata": ["labels": JSON(Self.labels)],
            "spec": ["containers": [["name": "receive", "image": "example.com/receive:1"]]],
        ]
        let set = try await server.apply(
            Object(
                .statefulSets, namespace: namespace, name: Self.setName,
                labels: Self.labels.merging(labels) { first, _ in first },
                [
                    "spec": [
                        "replicas": JSON(count), "serviceName": JSON(Self.setName),
                        "selector": ["matchLabels": JSON(Self.labels)], "template": pod,
                    ]
                ]))
        let owner = OwnerReference(
            apiVersion: "apps/v1", kind: "StatefulSet", name: set.name, uid: set.uid ?? "", controller: true)
        let (server, namespace) = (server, namespace)
        try await server.forEach(0..<count) { number in
            let object = Object(
                .pods, namespace: namespace, name: "\(Self.setName)-\(number)", labels: Self.labels,
                ownerReferences: [owner], ["spec": pod["spec"] ?? [:]])
            try await server.client.create(.pods, object)
            try await Self.set(object.key, ready: true, server)
        }
    }

    private func makeView() async throws {
        var spec: JSON = [
            "thanos": [
                "hashrings": [
                    [
                        "name": "soft", "soft": true,
                        "adopt": ["selector": ["matchLabels": JSON(Self.labels)]],
                        "membership": ["leaveAfter": "0s"],
                    ]
                ],
                "writeURL": "http://receive.\(namespace).svc:19291/api/v1/receive",
                "query": ["url": "http://query.\(namespace).svc:9090"],
            ]
        ]
        if hasGateway { spec["gateway"] = [:] }
        try await server.apply(
            Object(GlobalView.resource, namespace: namespace, name: Self.viewName, ["spec": spec]))
    }

    /// Sets whether the last pod is ready, as a kubelet would.
    func setLast(ready: Bool) async throws { try await Self.set(lastPod, ready: ready, server) }

    /// Sets the number of replicas. There is no controller, so all pods stay.
    func scale(to replicas: Int) async throws {
        try await server.client.patch(
            .statefulSets, ObjectKey(namespace: namespace, name: Self.setName), .merge,
            body: ["spec": ["replicas": JSON(replicas)]])
    }

    private static func set(_ pod: ObjectKey, ready: Bool, _ server: Server) async throws {
        let condition: JSON = [
            "type": "Ready", "status": ready ? "True" : "False",
            "lastTransitionTime": JSON(Timestamp.now.description),
        ]
        try await server.client.patch(
            .pods, pod, .merge, body: ["status": ["conditions": [condition]]], subresource: "status")
    }
}
