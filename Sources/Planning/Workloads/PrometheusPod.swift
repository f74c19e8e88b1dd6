import Crypto
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The pods that run Prometheus, both as the central server and as an agent.
struct PrometheusPod {
    static let port = 9090
    /// The folder of the blocks or the write-ahead log.
    static let dataPath = "/prometheus"
    /// The folder in which the configuration is mounted.
    static let configPath = "/etc/prometheus/config"
    /// The key of the configuration in its ConfigMap or Secret.
    static let configFile = "prometheus.yaml"
    /// The container's name.
    static let containerName = "prometheus"

    var image: String
    var arguments: [String]
    var resources: JSON
    /// The claim for the data; nil if the data is in ``dataVolume``.
    var storage: JSON?
    /// The volume for the data if there is no claim. An emptyDir outlives the container but not the pod.
    var dataVolume: JSON = ["emptyDir": [:]]
    /// The source of the volume with the configuration.
    var configuration: JSON
    /// The source of the volume with the credentials of monitors' jobs; nil mounts none.
    var assets: JSON?
    /// The Secrets and ConfigMaps to mount.
    var files = FileMounts()
    var environment: [JSON] = []
    /// How Prometheus's web server is reached.
    var web = PrometheusWeb()
    /// The sidecar that reloads Prometheus if it cannot follow its configuration itself.
    var reloader: ReloaderSidecar?
    /// Additional members of the pod's specification.
    var podSpec: JSON = [:]
    /// The user's additions to the pod, merged in by name.
    var additions: JSON = [:]

    /// An annotation that changes with the configuration, for versions that do not notice a new configuration.
    static func annotations(_ version: PrometheusVersion, configuration: String) -> [String: String] {
        version.reloadsItself ? [:] : ["tributary.dev/config-sha256": SHA256.hexadecimal(configuration)]
    }

    /// The specification of a StatefulSet of these pods.
    func statefulSet(
        replicas: Int, serviceName: String, selector: [String: String], labels: [String: String],
        annotations: [String: String]
    ) throws(FieldError) -> JSON {
        var spec: JSON = [
            "replicas": JSON(replicas),
            "serviceName": JSON(serviceName),
            "podManagementPolicy": "Parallel",
            "selector": ["matchLabels": JSON(selector)],
            "template": try template(labels: labels, annotations: annotations),
        ]
        if let storage {
            spec["volumeClaimTemplates"] = [
                [
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "data"],
                    "spec": storage,
                ]
            ]
        }
        return spec
    }

    /// The pods' template.
    func template(labels: [String: String], annotations: [String: String]) throws(FieldError) -> JSON {
        [
            "metadata": ["labels": JSON(labels), "annotations": annotations.isEmpty ? .null : JSON(annotations)],
            "spec": try merged(),
        ]
    }

    /// The pod merged with the user's additions.
    private func merged() throws(FieldError) -> JSON {
        guard additions.object?.isEmpty == false else { return pod }
        let shape = MergeShape.object(MergeShape.podSpec)
        do throws(APIStatus) {
            return try StrategicMergePatch.apply(additions, to: pod.droppingNulls, shape: shape)
        } catch {
            throw FieldError(FieldPath("spec"), "the pod cannot be merged with containers or volumes: \(error.message)")
        }
    }

    private var pod: JSON {
        var config = configuration
        config["name"] = "config"
        var volumes: [JSON] = [config]
        if storage == nil {
            var data = dataVolume
            data["name"] = "data"
            volumes.append(data)
        }
        if var assets {
            assets["name"] = "assets"
            volumes.append(assets)
        }
        volumes += files.volumes
        var containers = [container]
        if let reloader {
            volumes.append(ReloaderSidecar.volume)
            containers.append(reloader.container)
        }
        var pod: JSON = [
            "securityContext": PodSecurity.pod(fsGroup: 65534),
            // Prometheus sends or writes its data before it exits, which takes a while with a long queue.
            "terminationGracePeriodSeconds": 600,
            "shareProcessNamespace": reloader == nil ? .null : true,
            "initContainers": reloader.map { [$0.initContainer] } ?? .null,
            "containers": .array(containers),
            "volumes": .array(volumes),
        ]
        for (key, value) in podSpec.object ?? [:] { pod[key] = value }
        return pod
    }

    private var container: JSON {
        var mounts: [JSON] = [
            reloader == nil
                ? ["name": "config", "mountPath": JSON(Self.configPath), "readOnly": true]
                : ReloaderSidecar.mount(isReadOnly: true),
            ["name": "data", "mountPath": JSON(Self.dataPath)],
        ]
        if assets != nil {
            mounts.append(["name": "assets", "mountPath": JSON(CredentialResolver.folder), "readOnly": true])
        }
        mounts += files.volumeMounts
        return [
            "name": JSON(Self.containerName),
            "image": JSON(image),
            "args": JSON(arguments),
            "env": environment.isEmpty ? .null : .array(environment),
            "ports": web.ports,
            "startupProbe": web.startupProbe,
            "readinessProbe": web.readinessProbe,
            "livenessProbe": web.livenessProbe,
            "resources": resources,
            "securityContext": PodSecurity.container,
            "volumeMounts": .array(mounts),
        ]
    }
}
