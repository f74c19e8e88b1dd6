import Kube
import KubeClient
import Planning
import PlanningInput
import TestSupport
import TributaryAPI

/// Objects that users apply and read.
extension Scenario {
    func key(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

    /// Applies an object as `kubectl apply --server-side` does.
    @discardableResult
    func apply(_ resource: Resource, _ name: String, labels: [String: String] = [:], _ content: JSON) async throws
        -> Object
    {
        try await client.apply(
            resource, Object(resource, namespace: namespace, name: name, labels: labels, content),
            fieldManager: "kubectl", force: true)
    }

    @discardableResult
    func patch(_ resource: Resource, _ name: String, _ body: JSON) async throws -> Object {
        try await client.patch(resource, key(name), .merge, body: body, WriteOptions(fieldManager: "kubectl-edit"))
    }

    func get(_ resource: Resource, _ name: String) async throws -> Object? {
        do {
            return try await client.get(resource, key(name))
        } catch let status as APIStatus where status.isNotFound {
            return nil
        }
    }

    // MARK: - Custom resources

    /// A hashring that adopts the StatefulSets with its label.
    static func hashring(_ name: String, soft: Bool = false, _ membership: JSON? = nil) -> JSON {
        let hashring: JSON = [
            "name": .string(name), "soft": soft ? true : .null,
            "adopt": ["selector": ["matchLabels": ["controller.receive.thanos.io/hashring": .string(name)]]],
            "membership": membership ?? .null,
        ]
        return hashring.droppingNulls
    }

    /// Applies the global view `main` with these hashrings.
    @discardableResult
    func applyView(replicationFactor: Int = 1, _ hashrings: JSON...) async throws -> Object {
        try await apply(
            GlobalView.resource, "main",
            [
                "spec": [
                    "thanos": [
                        "replicationFactor": JSON(replicationFactor), "hashrings": .array(hashrings),
                        "query": ["url": .string("http://thanos-query.\(namespace).svc:9090")],
                        "writeURL": .string("http://thanos-receive.\(namespace).svc:19291/api/v1/receive"),
                    ]
                ]
            ])
    }

    /// Applies a tenant of the global view `main`.
    @discardableResult
    func applyTenant(_ name: String, _ spec: JSON = [:]) async throws -> Object {
        var spec = spec
        if spec["globalViewRef"] == nil { spec["globalViewRef"] = ["name": "main"] }
        return try await apply(Tenant.resource, name, ["spec": spec])
    }

    /// Applies a StatefulSet of receivers for a hashring, which Tributary does not own.
    @discardableResult
    func applyReceivers(_ name: String, hashring: String, _ replicas: Int, mounting configMap: String? = nil)
        async throws
        -> Object
    {
        let labels: JSON = ["app.kubernetes.io/instance": .string(name)]
        return try await apply(
            .statefulSets, name, labels: ["controller.receive.thanos.io/hashring": hashring],
            [
                "spec": [
                    "replicas": JSON(replicas), "serviceName": .string(name), "selector": ["matchLabels": labels],
                    "template": [
                        "metadata": ["labels": labels],
                        "spec": [
                            "containers": [["name": "receive", "image": "quay.io/thanos/thanos:v0.41.0"]],
                            "volumes": configMap.map { [["name": "hashrings", "configMap": ["name": .string($0)]]] }
                                ?? [],
                        ],
                    ],
                ]
            ])
    }

    func scale(_ set: String, to replicas: Int) async throws {
        try await patch(.statefulSets, set, ["spec": ["replicas": JSON(replicas)]])
    }

    // MARK: - Reading

    /// A condition of a custom resource in short form, such as `True Ready` or `False HashringHeld`; nil if it is
    /// missing.
    static func condition(_ type: String, of object: Object?) -> String? {
        let conditions = object?.json["status", "conditions"]?.array ?? []
        guard let condition = conditions.first(where: { $0["type"]?.string == type }) else { return nil }
        return "\(condition["status"]?.string ?? "") \(condition["reason"]?.string ?? "")"
    }

    /// Waits until a custom resource has this Ready condition for its current generation.
    @discardableResult
    func waitForReady(
        _ resource: Resource, _ name: String, _ expected: String = "True Ready", within limit: Duration = .seconds(20)
    ) async throws -> Object {
        var last: Object?
        do {
            return try await waitFor("", within: limit) {
                last = try await get(resource, name)
                guard Self.condition("Ready", of: last) == expected,
                    last?.json["status", "observedGeneration"]?.int == last?.generation
                else { return nil }
                return last
            }
        } catch is WaitingError {
            let status = last?.json["status"]?.text() ?? "none"
            throw WaitingError(
                description: "\(resource.kind) \(name) did not become \(expected) within \(limit); status: \(status)"
            )
        }
    }

    /// Waits until an object no longer exists.
    func waitUntilGone(_ resource: Resource, _ name: String) async throws {
        try await waitUntil("\(resource.kind) \(name) is deleted") {
            try await collectGarbage()
            return try await get(resource, name) == nil
        }
    }

    /// Deletes the objects of deleted custom resources. A real API server needs this, since it runs without a garbage
    /// collector.
    func collectGarbage() async throws {
        guard kind == .real else { return }
        var owners: Set<String> = []
        for resource in [GlobalView.resource, Tenant.resource, PrometheusAgent.resource] {
            owners.formUnion(try await client.list(resource, namespace: namespace).items.compactMap(\.uid))
        }
        let query = ListQuery(labelSelector: "\(Names.managedByLabel)=\(Names.manager)")
        for resource in Self.madeKinds {
            for object in try await client.list(resource, namespace: namespace, query).items
            where !object.ownerReferences.contains(where: { owners.contains($0.uid) }) {
                do {
                    try await client.delete(resource, object.key, DeleteOptions(uid: object.uid))
                } catch let status as APIStatus where status.isNotFound {}
            }
        }
    }

    /// The kinds of objects that Tributary creates.
    static let madeKinds: [Resource] = [
        .configMaps, .secrets, .services, .serviceAccounts, .deployments, .statefulSets, .roles, .roleBindings,
        .ingresses, .networkPolicies, .podDisruptionBudgets,
    ]

    /// The objects that Tributary created in the namespace, as `Kind name`.
    func made() async throws -> [String] {
        var made: [String] = []
        let query = ListQuery(labelSelector: "\(Names.managedByLabel)=\(Names.manager)")
        for resource in Self.madeKinds {
            made += try await client.list(resource, namespace: namespace, query).items.map {
                "\(resource.kind) \($0.name)"
            }
        }
        return made
    }

    /// The notes of Events about an object with a reason.
    func events(_ reason: String, about name: String) async throws -> [String] {
        try await client.list(.events, namespace: namespace).items.filter {
            $0.json["reason"]?.string == reason && $0.json["regarding", "name"]?.string == name
        }.compactMap { $0.json["note"]?.string }
    }
}
