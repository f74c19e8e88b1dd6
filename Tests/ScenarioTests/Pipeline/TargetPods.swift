import Kube
import KubeClient
import TestSupport
import TributaryAPI

/// Pods that agents scrape. Each has a server on loopback, and its Pod, Service, Endpoints and EndpointSlice in the
/// cluster.
///
/// All have the address 127.0.0.1. They differ by the port that is named `web` in their container.
final class TargetPods {
    private struct Member {
        var target: Target
        var app: String
        var namespace: String
    }

    private static let endpoints = Resource(group: "", version: "v1", kind: "Endpoints", plural: "endpoints")

    private let scenario: Scenario
    private var members: [String: Member] = [:]
    private var others: [Target] = []

    init(_ scenario: Scenario) { self.scenario = scenario }

    /// Starts a target without a pod.
    func addOutside(_ page: @escaping @Sendable (Int) -> String = { "sequence \($0)" }) async throws -> Target {
        let target = try await Target.start(page)
        others.append(target)
        return target
    }

    /// Adds a pod of an app, which has a Service of the same name, by default in the scenario's namespace.
    @discardableResult
    func add(
        _ name: String, app: String, in other: String? = nil, labels: [String: String] = [:],
        _ page: @escaping @Sendable (Int) -> String = { "sequence \($0)" }
    ) async throws -> Target {
        let namespace = other ?? scenario.namespace
        let target = try await Target.start(page)
        members[name] = Member(target: target, app: app, namespace: namespace)
        // Only this test changes the pod.
        scenario.workloads.strand(name)
        try await scenario.client.create(
            .pods,
            Object(
                .pods, namespace: namespace, name: name, labels: labels.merging(["app": app]) { $1 },
                [
                    "spec": [
                        "nodeName": "node-0",
                        "containers": [
                            [
                                "name": "app", "image": JSON("example.org/\(app):1"),
                                "ports": [["name": "web", "containerPort": JSON(target.port)]],
                            ]
                        ],
                    ]
                ]))
        try await scenario.client.patch(
            .pods, ObjectKey(namespace: namespace, name: name), .merge,
            body: [
                "status": [
                    "phase": "Running", "podIP": "127.0.0.1", "podIPs": [["ip": "127.0.0.1"]], "hostIP": "127.0.0.1",
                    "conditions": [["type": "Ready", "status": "True"]],
                ]
            ], subresource: "status")
        try await publish(app, namespace)
        return target
    }

    /// Deletes a pod. Its server continues, so that a test sees whether it still gets requests.
    func delete(_ name: String) async throws {
        guard let member = members.removeValue(forKey: name) else { return }
        others.append(member.target)
        try await publish(member.app, member.namespace)
        try await scenario.client.delete(
            .endpointSlices, ObjectKey(namespace: member.namespace, name: "\(member.app)-\(name)"))
        try await scenario.client.delete(
            .pods, ObjectKey(namespace: member.namespace, name: name), DeleteOptions(gracePeriodSeconds: 0))
    }

    /// The target of a pod.
    subscript(name: String) -> Target? { members[name]?.target }

    /// The names of all pods.
    var names: [String] { members.keys.sorted() }

    /// Stops all servers.
    func stop() async {
        for target in members.values.map(\.target) + others { await target.stop() }
    }

    /// Writes a Service with its Endpoints and EndpointSlices, as the controllers of Kubernetes do.
    private func publish(_ app: String, _ namespace: String) async throws {
        let labels = ["app": app]
        let own = members.filter { $0.value.app == app && $0.value.namespace == namespace }.sorted { $0.key < $1.key }
        var objects = [
            Object(
                .services, namespace: namespace, name: app, labels: labels,
                [
                    "spec": [
                        "selector": JSON(labels),
                        "ports": [["name": "web", "port": 80, "targetPort": "web", "protocol": "TCP"]],
                    ]
                ]),
            Object(
                Self.endpoints, namespace: namespace, name: app, labels: labels,
                [
                    "subsets": .array(
                        own.map { name, member in
                            [
                                "addresses": [
                                    ["ip": "127.0.0.1", "nodeName": "node-0", "targetRef": pod(name, namespace)]
                                ],
                                "ports": [["name": "web", "port": JSON(member.target.port), "protocol": "TCP"]],
                            ]
                        })
                ]),
        ]
        // The ports of a slice apply to all its addresses, so each pod has its own slice.
        objects += own.map { name, member in
            Object(
                .endpointSlices, namespace: namespace, name: "\(app)-\(name)",
                labels: labels.merging(["kubernetes.io/service-name": app]) { $1 },
                [
                    "addressType": "IPv4",
                    "endpoints": [
                        [
                            "addresses": ["127.0.0.1"], "nodeName": "node-0", "targetRef": pod(name, namespace),
                            "conditions": ["ready": true, "serving": true, "terminating": false],
                        ]
                    ],
                    "ports": [["name": "web", "port": JSON(member.target.port), "protocol": "TCP"]],
                ])
        }
        for object in objects {
            let resource = [.services, Self.endpoints].first { $0.kind == object.kind } ?? Resource.endpointSlices
            try await scenario.client.apply(resource, object, fieldManager: "controllers", force: true)
        }
    }

    private func pod(_ name: String, _ namespace: String) -> JSON {
        ["kind": "Pod", "namespace": JSON(namespace), "name": JSON(name)]
    }
}
