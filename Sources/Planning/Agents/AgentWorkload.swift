import Kube
import PrometheusConfig

/// Prometheus in agent mode: one StatefulSet a shard, its configuration in a Secret, a Service, and who it runs as.
struct AgentWorkload {
    var owner: Owner
    var replicas: Int
    /// The configuration of each shard.
    var configuration: ConfigSecrets
    /// The credentials that monitors' jobs read.
    var assets: AssetSecrets?
    var serviceAccountName: String?
    /// Whether pods get a token for the API server: only where they discover targets by it.
    var asksAPI: Bool
    /// What all shards' pods have in common; each shard's configuration is filled in.
    var pod: PrometheusPod
    var podLabels: [String: String]
    var podAnnotations: [String: String]

    private static let component = "agent"
    private static let program = "prometheus-agent"

    /// The name of the objects of an agent that are there once.
    static func name(of agent: String) -> String { "\(agent)-agent" }
    /// The name of one shard's objects; the first shard's is the plain one, so that adding a shard renames nothing.
    static func name(of agent: String, shard: Int) -> String {
        shard == 0 ? name(of: agent) : "\(name(of: agent))-shard-\(shard)"
    }
    /// The labels that tell an agent's pods from all others.
    static func selector(of owner: Owner) -> [String: String] { owner.selector(component, name: program) }

    private var name: String { Self.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(Self.component, name: Self.program) }

    /// The Secrets come before the StatefulSets that mount them.
    var objects: [Object] {
        var objects: [Object] = []
        if serviceAccountName == nil {
            objects.append(
                owner.object(.serviceAccounts, name, labels: labels, ["automountServiceAccountToken": false]))
        }
        // What a configuration names is there before it.
        let secrets = (assets?.secrets ?? []) + configuration.shards.flatMap(\.secrets)
        for secret in secrets {
            objects.append(
                owner.object(
                    .secrets, secret.name, labels: labels, annotations: secret.annotations,
                    ["type": "Opaque", "data": secret.data]))
        }
        objects.append(service)
        for shard in configuration.shards.indices { objects.append(statefulSet(shard)) }
        return objects
    }

    /// Headless, for the pods' stable names; it selects this agent's pods alone.
    private var service: Object {
        owner.object(
            .services, name, labels: labels,
            [
                "spec": [
                    "clusterIP": "None", "selector": JSON(Self.selector(of: owner)),
                    "ports": PrometheusPod.servicePorts,
                ]
            ])
    }

    private func statefulSet(_ shard: Int) -> Object {
        let shardName = Self.name(of: owner.metadata.name, shard: shard)
        let shardLabel = ["tributary.dev/shard": "\(shard)"]
        let labels = labels.merging(shardLabel) { own, _ in own }
        let selector = Self.selector(of: owner).merging(shardLabel) { own, _ in own }
        var pod = pod
        pod.configuration = configuration.shards[shard].volume
        pod.assets = assets?.volume
        pod.podSpec["serviceAccountName"] = JSON(serviceAccountName ?? name)
        pod.podSpec["automountServiceAccountToken"] = .bool(asksAPI)
        if pod.podSpec["affinity"] == nil { pod.podSpec["affinity"] = Self.spreading(selector) }
        // External labels tell replicas apart by it: Prometheus expands the environment in them.
        pod.environment = [["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]]
        let spec = pod.statefulSet(
            replicas: replicas, serviceName: name,
            selector: selector,
            labels: podLabels.merging(labels) { _, own in own },
            annotations: PrometheusPod.annotations(digest: configuration.shards[shard].digest)
                .merging(podAnnotations) { own, _ in own })
        let parts = configuration.parts
        return owner.object(
            .statefulSets, shardName, labels: labels,
            annotations: parts > 1 ? [ConfigSecrets.annotation: "\(parts)"] : [:], ["spec": spec])
    }

    /// Prefers another node for each pod with these labels.
    private static func spreading(_ selector: [String: String]) -> JSON {
        let term: JSON = [
            "topologyKey": "kubernetes.io/hostname", "labelSelector": ["matchLabels": JSON(selector)],
        ]
        return [
            "podAntiAffinity": [
                "preferredDuringSchedulingIgnoredDuringExecution": [["weight": 100, "podAffinityTerm": term]]
            ]
        ]
    }
}
