import HashringController
import Kube
import KubeClient
import LocalCluster
import TestSupport

/// A scenario in which the drop-in for thanos-receive-controller runs instead of the operator, with exactly the Role of
/// thanos-receive-controller.
final class DropIn: Sendable {
    static let base = "thanos-receive-controller-tenants"
    static let generated = "thanos-receive-controller-tenants-generated"
    static let file = "hashrings.json"
    static let userAgent = "drop-in"

    let scenario: Scenario
    /// The published files.
    let hashrings: HashringHistory
    /// How the drop-in connects.
    let cluster: ClusterConfiguration
    private let running = Locked<[RunningDropIn]>([])

    /// Plays a scenario in its own namespace. `body` starts the drop-in.
    static func play(_ kind: ClusterKind, _ body: (DropIn) async throws -> Void) async throws {
        try await Scenario.play(kind, startsOperator: false) { scenario in
            let dropIn = try await DropIn(scenario)
            let recording = Task { await dropIn.hashrings.run() }
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(dropIn))
            } catch {
                let log = dropIn.running.withLock { $0.map(\.log.tail) }.joined(separator: "\n---\n")
                result = .failure(WaitingError(description: "\(error)\nthe drop-in's log:\n\(log)"))
            }
            for running in dropIn.running.withLock({ $0 }) { try await running.stop() }
            recording.cancel()
            await recording.value
            try result.get()
        }
    }

    private init(_ scenario: Scenario) async throws {
        self.scenario = scenario
        hashrings = HashringHistory(scenario.client, scenario.key(Self.generated))
        if let local = scenario.local {
            local.faults = { Self.refusal(of: $0) }
            cluster = scenario.operatorCluster
            return
        }
        for var object in try Self.example().filter({ ["Role", "RoleBinding", "ServiceAccount"].contains($0.kind) }) {
            object.json["metadata", "namespace"] = .string(scenario.namespace)
            if object.kind == "RoleBinding" {
                let subjects = (object.json["subjects"]?.array ?? []).map { subject in
                    var subject = subject
                    subject["namespace"] = .string(scenario.namespace)
                    return subject
                }
                object.json["subjects"] = .array(subjects)
            }
            try await Manifests.apply([object], scenario.client)
        }
        let token = try await Manifests.token(of: scenario.key("thanos-receive-controller"), scenario.client)
        cluster = try await scenario.operatorCluster.acting(asHolderOf: token)
    }

    /// The objects of the example.
    static func example() throws -> [Object] { try Example("thanos-receive-controller").objects }

    /// Refuses what the Role of thanos-receive-controller does not allow, for a cluster without RBAC.
    private static func refusal(of request: RequestRecord) -> Fault? {
        guard request.userAgent.hasPrefix(userAgent) || request.userAgent.hasPrefix("tributary/") else { return nil }
        let allowed: [String: Set<String>] = [
            "configmaps": ["list", "watch", "get", "create", "update", "delete"], "pods": ["list", "get", "update"],
            "statefulsets.apps": ["list", "watch", "get"],
        ]
        guard request.namespace != nil, allowed[request.resource]?.contains(request.verb) == true else {
            let message = "\(request.resource) is forbidden: User \"drop-in\" cannot \(request.verb) resource"
            return .status(APIStatus(code: 403, reason: "Forbidden", message: message))
        }
        return nil
    }

    // MARK: - Actions of users

    /// `kubectl apply` of the base ConfigMap.
    func applyBase(_ text: String) async throws {
        try await scenario.apply(.configMaps, Self.base, ["data": [Self.file: .string(text)]])
    }

    /// Applies a labelled StatefulSet of receivers.
    func applyReceivers(_ name: String, hashring: String?, _ replicas: Int) async throws {
        let labels = ["app.kubernetes.io/instance": name]
        let all = labels.merging(["controller.receive.thanos.io": "thanos-receive-controller"]) { first, _ in first }
        let own = hashring.map { ["controller.receive.thanos.io/hashring": $0] } ?? [:]
        try await scenario.apply(
            .statefulSets, name, labels: all.merging(own) { first, _ in first },
            [
                "spec": [
                    "replicas": JSON(replicas), "serviceName": .string(name), "selector": ["matchLabels": JSON(labels)],
                    "template": [
                        "metadata": ["labels": JSON(all)],
                        "spec": [
                            "containers": [
                                [
                                    "name": "receive", "image": "quay.io/thanos/thanos:v0.41.0",
                                    "args": ["receive"],
                                ]
                            ]
                        ],
                    ],
                ]
            ])
    }

    /// How an administrator connects.
    var administrator: ClusterConfiguration {
        guard scenario.kind == .real else { return scenario.operatorCluster }
        return SharedAPIServer.current.withLock { $0?.administrator } ?? scenario.operatorCluster
    }

    /// The generated ConfigMap.
    func generated() async throws -> Object? { try await scenario.get(.configMaps, Self.generated) }

    // MARK: - The drop-in

    /// Starts the drop-in.
    @discardableResult
    func start(
        as cluster: ClusterConfiguration? = nil, lease: ObjectKey? = nil, identity: String = "drop-in",
        _ change: (inout DropInOptions) -> Void = { _ in }
    ) -> RunningDropIn {
        var process = DropInController.Process()
        process.lease = lease
        process.identity = identity
        var options = DropInOptions(baseName: Self.base, generatedName: Self.generated, fileName: Self.file)
        options.namespace = scenario.namespace
        change(&options)
        let started = RunningDropIn(cluster ?? self.cluster, options, process)
        running.withLock { $0.append(started) }
        return started
    }

    /// Stops a drop-in before the scenario ends.
    func stop(_ running: RunningDropIn) async throws {
        self.running.withLock { all in all.removeAll { $0 === running } }
        try await running.stop()
    }
}
