import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// A Prometheus that receives what agents remote-write: StatefulSet, Service and configuration.
struct CentralPrometheus {
    var owner: Owner
    var image: String
    var version: PrometheusVersion
    var replicas: Int
    var retention: String
    /// The claim for the data; nil for an emptyDir.
    var storage: JSON?
    var resources: JSON
    /// The configuration file.
    var configurationFile: String
    /// The Secrets that the configuration names.
    var files: FileMounts

    static let component = "central"
    static let program = "prometheus"

    /// The name of all its objects.
    static func name(of view: String) -> String { "\(view)-prometheus" }

    private var name: String { Self.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(Self.component, program: Self.program) }
    private var selector: [String: String] { owner.selector(Self.component, program: Self.program) }

    func objects() throws(FieldError) -> [Object] { [configMap, service, try statefulSet()] }

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

    private var service: Object {
        owner.service(name, labels: labels, selector: selector, ports: PrometheusWeb().servicePorts)
    }

    private func statefulSet() throws(FieldError) -> Object {
        let pod = PrometheusPod(
            image: image, arguments: arguments, resources: resources, storage: storage,
            configuration: ["configMap": ["name": JSON(name)]], files: files,
            podSpec: ["automountServiceAccountToken": false])
        let spec = try pod.statefulSet(
            replicas: replicas, serviceName: name, selector: selector, labels: labels,
            annotations: PrometheusPod.annotations(version, configuration: configurationFile))
        return owner.object(.statefulSets, name, labels: labels, ["spec": spec])
    }
}

extension GlobalView {
    /// The central Prometheus's version. A custom image whose version cannot be read counts as a recent one.
    var prometheusVersion: PrometheusVersion { PrometheusVersion(prometheusVersionText) ?? PrometheusVersion(3, 5) }
}
