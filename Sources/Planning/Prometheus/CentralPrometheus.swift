import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// A Prometheus that receives what agents remote-write: StatefulSet, Services and configuration.
///
/// With several replicas, each has a Service of its own for writes, so that all of them get every write. The Service for
/// queries leads to one of them, so that no query sees the gap of another.
struct CentralPrometheus {
    var owner: Owner
    var image: String
    var version: PrometheusVersion
    var replicas: Int
    /// The replica that queries go to.
    var readReplica: Int
    var retention: String
    /// The claim for the data; nil for an emptyDir.
    var storage: JSON?
    var resources: JSON
    /// The configuration file.
    var configurationFile: String
    /// The Secrets that the configuration names.
    var files: FileMounts

    private var name: String { CentralNames.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(CentralNames.component, program: CentralNames.program) }
    private var selector: [String: String] { owner.selector(CentralNames.component, program: CentralNames.program) }

    func objects() throws(FieldError) -> [Object] {
        var objects = [configMap, service]
        if replicas > 1 {
            objects += (0..<replicas).map(service)
            objects.append(owner.disruptionBudget(name, labels: labels, selector: selector))
        }
        return objects + [try statefulSet()]
    }

    /// The arguments: the receiver is enabled, and nobody outside can delete data or stop the server.
    var arguments: [String] {
        var arguments = [
            "--config.file=\(PrometheusPod.configPath)/\(PrometheusPod.configFile)",
            "--storage.tsdb.path=\(PrometheusPod.dataPath)",
            "--storage.tsdb.retention.time=\(retention)",
            "--web.enable-remote-write-receiver",
        ]
        if version.reloadsItself {
            arguments.append("--enable-feature=auto-reload-config")
            if version.takesReloadInterval {
                arguments.append("--config.auto-reload-interval=\(AgentArguments.reloadInterval)")
            }
        }
        return arguments
    }

    private var configMap: Object {
        owner.object(.configMaps, name, labels: labels, ["data": [PrometheusPod.configFile: JSON(configurationFile)]])
    }

    private static let podNameLabel = "statefulset.kubernetes.io/pod-name"

    /// The Service for queries.
    private var service: Object {
        let pod = CentralNames.name(of: owner.metadata.name, replica: readReplica)
        let one = replicas > 1 ? [Self.podNameLabel: pod] : [:]
        return owner.service(
            name, labels: labels, selector: selector.merging(one) { own, _ in own }, ports: PrometheusWeb().servicePorts
        )
    }

    /// The Service of a replica, for writes.
    private func service(_ replica: Int) -> Object {
        let pod = CentralNames.name(of: owner.metadata.name, replica: replica)
        return owner.service(
            pod, labels: labels.merging([CentralNames.replicaLabel: "\(replica)"]) { own, _ in own },
            selector: selector.merging([Self.podNameLabel: pod]) { own, _ in own }, ports: PrometheusWeb().servicePorts)
    }

    private func statefulSet() throws(FieldError) -> Object {
        let pod = PrometheusPod(
            image: image, arguments: arguments, resources: resources, storage: storage,
            configuration: ["configMap": ["name": JSON(name)]], files: files,
            podSpec: podSpec)
        let spec = try pod.statefulSet(
            replicas: replicas, serviceName: name, selector: selector, labels: labels,
            annotations: PrometheusPod.annotations(version, configuration: configurationFile))
        return owner.object(.statefulSets, name, labels: labels, ["spec": spec])
    }
}

extension CentralPrometheus {
    /// Replicas prefer different nodes and zones.
    private var podSpec: JSON {
        var spec: JSON = ["automountServiceAccountToken": false]
        if replicas > 1 { spec["topologySpreadConstraints"] = TopologySpread.constraints(selector) }
        return spec
    }
}

extension GlobalView {
    /// The central Prometheus's version. A custom image whose version cannot be read counts as a recent one.
    var prometheusVersion: PrometheusVersion { PrometheusVersion(prometheusVersionText) ?? PrometheusVersion(3, 5) }
}
