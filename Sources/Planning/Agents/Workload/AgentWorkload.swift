import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Prometheus in agent mode: a workload for each shard, its configuration in a Secret, a Service, and who it runs as.
struct AgentWorkload {
    var agent: PrometheusAgent
    var owner: Owner
    /// The configuration of each shard, and of those that drain behind them.
    var configuration: ConfigSecrets
    /// The credentials that monitors' jobs read.
    var assets: AssetSecrets?
    /// Whether jobs may discover their targets by the API server: only then pods get a token for it. It does not hang on
    /// the monitors that there are, or the first and the last one would make pods anew.
    var asksAPI: Bool
    /// What all shards' pods have in common; each shard's configuration is filled in.
    var pod: PrometheusPod
    /// The file that sets up Prometheus's web server; nil where it is not needed.
    var webConfig: AgentWebConfig?
    /// The shards that are taken away and still send what they have.
    var draining: [DrainingShard]

    /// The most shards that an agent can have, by its schema.
    static let mostShards = 100

    /// The labels that tell an agent's pods from all others.
    static func selector(of owner: Owner) -> [String: String] {
        owner.selector(AgentNames.component, program: AgentNames.program)
    }

    private var name: String { AgentNames.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(AgentNames.component, program: AgentNames.program) }

    /// The Secrets come before the StatefulSets that mount them.
    ///
    /// Throws ``FieldError`` where the pods cannot be merged with what the user adds to them.
    func objects() throws(FieldError) -> [Object] {
        var objects: [Object] = []
        if agent.spec.serviceAccountName == nil {
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
        if let web = webConfig {
            objects.append(
                owner.object(
                    .configMaps, AgentWebConfig.name(of: owner.metadata.name), labels: labels,
                    ["data": [AgentWebConfig.fileName: JSON(web.text)]]))
        }
        objects.append(service)
        for shard in 0..<agent.shards {
            objects.append(try workload(shard))
            if agent.hasDisruptionBudget { objects.append(disruptionBudget(shard)) }
        }
        // Behind the others, since a shard that drains is the last in the configuration too.
        for (index, shard) in draining.enumerated() {
            objects.append(try workload(shard.number, at: agent.shards + index, drainingSince: shard.since))
            if agent.hasDisruptionBudget { objects.append(disruptionBudget(shard.number)) }
        }
        return objects
    }

    /// Headless, for the pods' stable names; it selects this agent's pods alone.
    private var service: Object {
        owner.service(
            name, labels: labels, selector: Self.selector(of: owner), ports: pod.web.servicePorts,
            ["clusterIP": "None"])
    }

    private func shardLabel(_ shard: Int) -> [String: String] { [AgentNames.shardLabel: "\(shard)"] }

    private func selector(_ shard: Int) -> [String: String] {
        Self.selector(of: owner).merging(shardLabel(shard)) { own, _ in own }
    }

    /// The workload of a shard, whose configuration is that at an index.
    private func workload(_ shard: Int, at index: Int? = nil, drainingSince: Timestamp? = nil) throws(FieldError)
        -> Object
    {
        let configuration = self.configuration.shards[index ?? shard]
        let labels = labels.merging(shardLabel(shard)) { own, _ in own }
        let selector = selector(shard)
        var pod = pod
        pod.configuration = configuration.volume
        pod.assets = assets?.volume
        pod.podSpec["serviceAccountName"] = JSON(agent.spec.serviceAccountName ?? name)
        pod.podSpec["automountServiceAccountToken"] = .bool(
            agent.spec.automountServiceAccountToken ?? (asksAPI || agent.spec.serviceAccountName != nil))
        if pod.podSpec["affinity"] == nil, !agent.isNodeLocal { pod.podSpec["affinity"] = Self.spreading(selector) }
        let template = (
            labels: (agent.spec.podMetadata?.labels ?? [:]).merging(labels) { _, own in own },
            annotations: agent.spec.podMetadata?.annotations ?? [:]
        )
        var spec: JSON
        switch agent.mode {
        case .statefulSet:
            spec = try pod.statefulSet(
                replicas: agent.replicas, serviceName: name, selector: selector, labels: template.labels,
                annotations: template.annotations)
            if let policy = agent.spec.podManagementPolicy { spec["podManagementPolicy"] = JSON(policy) }
            if let retention = agent.spec.persistentVolumeClaimRetentionPolicy {
                spec["persistentVolumeClaimRetentionPolicy"] = [
                    "whenDeleted": JSON(retention.whenDeleted ?? "Retain"),
                    "whenScaled": JSON(retention.whenScaled ?? "Retain"),
                ]
            }
            spec["updateStrategy"] = agent.spec.updateStrategy
        case .deployment:
            spec = [
                "replicas": JSON(agent.replicas), "selector": ["matchLabels": JSON(selector)],
                "template": try pod.template(labels: template.labels, annotations: template.annotations),
            ]
            spec["strategy"] = agent.spec.updateStrategy
        case .daemonSet:
            spec = [
                "selector": ["matchLabels": JSON(selector)],
                "template": try pod.template(labels: template.labels, annotations: template.annotations),
            ]
            spec["updateStrategy"] = agent.spec.updateStrategy
        }
        spec["minReadySeconds"] = agent.spec.minReadySeconds.map { JSON($0) }
        var annotations: [String: String] = [:]
        if self.configuration.parts > 1 { annotations[Names.configPartsAnnotation] = "\(self.configuration.parts)" }
        if let drainingSince { annotations[Names.drainingAnnotation] = drainingSince.description }
        return owner.object(
            agent.mode.resource, AgentNames.name(of: owner.metadata.name, shard: shard), labels: labels,
            annotations: annotations, ["spec": spec])
    }

    /// How the shards that drain are asked how far they are; none where Prometheus listens on loopback only.
    var drainTargets: [DrainTarget] {
        guard !pod.web.isLocal else { return [] }
        return draining.map { shard in
            DrainTarget(
                workload: ObjectKey(
                    namespace: owner.namespace, name: AgentNames.name(of: owner.metadata.name, shard: shard.number)),
                podSelector: selector(shard.number).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                    .joined(separator: ","),
                scheme: pod.web.isHTTPS ? "https" : "http", port: PrometheusPod.port, path: "\(pod.web.prefix)/metrics")
        }
    }

    /// Keeps a drain of nodes from taking all replicas of a shard at once.
    private func disruptionBudget(_ shard: Int) -> Object {
        owner.disruptionBudget(
            AgentNames.name(of: owner.metadata.name, shard: shard),
            labels: labels.merging(shardLabel(shard)) { own, _ in own }, selector: selector(shard),
            maxUnavailable: agent.spec.podDisruptionBudget?.maxUnavailable?.json ?? 1)
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
