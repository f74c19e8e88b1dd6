import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

/// A tenant's relay: a Prometheus in agent mode that receives the tenant's writes from the gateway, forces the tenant's
/// label on every series and sends them on. The receiver of a central Prometheus stores labels as they come.
struct WriteRelay {
    /// The Tenant.
    var owner: Owner
    var label: ForcedLabel
    /// Where the central Prometheus receives.
    var centralURL: String
    var image: String
    var version: PrometheusVersion
    var resources: JSON

    /// The default resources of a relay.
    static let defaultResources: JSON = [
        "requests": ["cpu": "10m", "memory": "96Mi"], "limits": ["memory": "256Mi"],
    ]

    /// Where the gateway sends the writes of a tenant.
    static func url(of tenant: ObjectKey) -> String {
        let name = GatewayNames.relay(of: tenant.name)
        return "http://\(name).\(tenant.namespace).svc:\(PrometheusPod.port)/api/v1/write"
    }

    private var name: String { GatewayNames.relay(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(GatewayNames.relayComponent, program: GatewayNames.relayProgram)
    }
    private var selector: [String: String] {
        owner.selector(GatewayNames.relayComponent, program: GatewayNames.relayProgram)
    }

    /// The objects. Throws ``FieldError`` for a version of Prometheus that cannot be a relay.
    func objects() throws(FieldError) -> [Object] {
        let configuration = configuration
        let generated = configuration.generate(for: version)
        guard let json = generated.json else {
            throw FieldError(FieldPath(), generated.problems.map(\.description).joined(separator: "; "))
        }
        let file = YAML.write([json])
        let service = owner.service(name, labels: labels, selector: selector, ports: PrometheusWeb().servicePorts)
        let configMap = owner.object(
            .configMaps, name, labels: labels, ["data": [PrometheusPod.configFile: JSON(file)]])
        let spec = try pod(configuration).deployment(
            replicas: 1, selector: selector, labels: labels,
            annotations: PrometheusPod.annotations(version, configuration: file))
        return [configMap, service, owner.object(.deployments, name, labels: labels, ["spec": spec])]
    }

    private var configuration: AgentConfiguration {
        var write = RemoteWrite(url: centralURL, name: "central")
        write.writeRelabelConfigs = [label.rule]
        // The central Prometheus keeps neither exemplars nor native histograms. It answers the latter with status 500,
        // and a relay that sent them would repeat that request forever instead of all others.
        write.sendExemplars = false
        write.sendNativeHistograms = false
        write.metadata = RemoteWrite.Metadata(send: false)
        // While the central Prometheus is away, each shard fills its queue: few shards bound the memory.
        write.queue = RemoteWrite.Queue(maxShards: 10)
        var configuration = AgentConfiguration()
        configuration.remoteWrite = [write]
        return configuration
    }

    private func pod(_ configuration: AgentConfiguration) -> PrometheusPod {
        var arguments = AgentArguments()
        arguments.configFile = "\(PrometheusPod.configPath)/\(PrometheusPod.configFile)"
        arguments.storagePath = PrometheusPod.dataPath
        // Anyone who reaches the port could stop the relay.
        arguments.enablesLifecycle = false
        arguments.reloadsAutomatically = version.reloadsItself
        arguments.additional = [
            "--web.enable-remote-write-receiver",
            // The central Prometheus takes samples that are up to 2 hours late.
            "--storage.agent.retention.max-time=2h",
            "--storage.agent.wal-truncate-frequency=30m",
        ]
        return PrometheusPod(
            image: image, arguments: arguments.list(for: version, configuration), resources: resources,
            // A pod that fills it is evicted, so that no tenant can fill the disk of a node.
            dataVolume: ["emptyDir": ["sizeLimit": "2Gi"]],
            configuration: ["configMap": ["name": JSON(name)]],
            podSpec: ["automountServiceAccountToken": false])
    }
}
