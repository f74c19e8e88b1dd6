import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Prometheus in agent mode: a workload for each shard, its configuration in a Secret, a Service, and a service
/// account.
struct AgentWorkload {
    var agent: PrometheusAgent
    var owner: Owner
    /// The configuration of each shard, the draining shards last.
    var configuration: ConfigSecrets
    /// The credentials that the jobs of monitors read.
    var assets: AssetSecrets?
    /// Whether jobs may discover their targets through the API server: only then pods get a token for it. It does not
    /// depend on the monitors that exist, or the first and the last one would recreate the pods.
    var asksAPI: Bool
    /// What the pods of all shards have in common. Each shard's configuration is filled in.
    var pod: PrometheusPod
    /// The configuration file of Prometheus's web server; nil if it is not needed.
    var webConfig: PrometheusWebConfig?
    /// The shards that are being removed and still send their samples.
    var draining: [DrainingShard]

    /// The largest number of shards that the schema allows.
    static let mostShards = 100

    /// The labels that select the agent's pods and no others.
    static func selector(of owner: Owner) -> [String: String] {
        owner.selector(AgentNames.component, program: AgentNames.program)
    }

    private var name: String { AgentNames.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(AgentNames.component, program: AgentNames.program) }

    /// The objects, Secrets before the StatefulSets that mount them.
    ///
    /// Throws ``FieldError`` if the pods cannot be merged with the user's additions.
    func objects() throws(FieldError) -> [Object] {
        var objects: [Object] = []
        if agent.spec.serviceAccountName == nil {
            objects.append(
                owner.object(.serviceAccounts, name, labels: labels, ["automountServiceAccountToken": false]))
        }
        // What a configuration names is created before it.
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
                    .configMaps, PrometheusWebConfig.name(of: name), labels: labels,
                    ["data": [PrometheusWebConfig.fileName: JSON(web.text)]]))
        }
        objects.append(service)
        for shard in 0..<agent.shards {
            objects.append(try workload(shard))
            if agent.hasDisruptionBudget { objects.append(disruptionBudget(shard)) }
        }
        // At the end, since draining shards are last in the configuration, too.
        for (index, shard) in draining.enumerated() {
            objects.append(try workload(shard.number, at: agent.shards + index, drainingSince: shard.since))
            if agent.hasDisruptionBudget { objects.append(disruptionBudget(shard.number)) }
        }
        return objects
    }

    /// A headless Service for the pods' stable names. It selects this agent's pods only.
    private var service: Object {
        owner.service(
            name, labels: labels, selector: Self.selector(of: owner), ports: pod.web.servicePorts,
            ["clusterIP": "None"])
    }

    private func shardLabel(_ shard: Int) -> [String: String] { [AgentNames.shardLabel: "\(shard)"] }

    private func selector(_ shard: Int) -> [String: String] {
        Self.selector(of: owner).merging(shardLabel(shard)) { own, _ in own }
    }

    /// The workload of a shard. `index` is the position of its configuration.
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

    /// How to ask the draining shards for their progress; empty if Prometheus listens on the loopback interface only.
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

    /// Keeps a drain of nodes from evicting all replicas of a shard at once.
    private func disruptionBudget(_ shard: Int) -> Object {
        owner.disruptionBudget(
            AgentNames.name(of: owner.metadata.name, shard: shard),
            labels: labels.merging(shardLabel(shard)) { own, _ in own }, selector: selector(shard),
            maxUnavailable: agent.spec.podDisruptionBudget?.maxUnavailable?.json ?? 1)
    }

    /// An anti-affinity that prefers a node of its own for each pod with these labels.
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
