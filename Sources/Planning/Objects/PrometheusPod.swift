import Hashring
import Kube
import PrometheusConfig
import TributaryAPI

/// The StatefulSet that runs Prometheus, as the central server and as an agent: what both have in common.
struct PrometheusPod {
    static let port = 9090
    /// Where the blocks or the write-ahead log lie.
    static let dataPath = "/prometheus"
    /// Where the configuration is mounted.
    static let configPath = "/etc/prometheus/config"
    /// The configuration's name in its ConfigMap or Secret.
    static let configFile = "prometheus.yaml"
    var image: String
    var arguments: [String]
    var resources: JSON
    /// The claim for the data; nil keeps it in an emptyDir, which outlives the container but not the pod.
    var storage: JSON?
    /// The volume source that holds the configuration.
    var configuration: JSON
    /// The volume source with the credentials of monitors' jobs; nil mounts none.
    var assets: JSON?
    /// Secrets and ConfigMaps to mount.
    var files = FileMounts()
    var environment: [JSON] = []
    /// Further members of the pod's specification.
    var podSpec: JSON = [:]

    /// The Service's one port.
    static let servicePorts: JSON = [["name": "web", "port": JSON(port), "targetPort": "web", "protocol": "TCP"]]

    /// An annotation that changes with the configuration, for versions that do not notice a new one by themselves.
    static func annotations(_ version: PrometheusVersion, configuration: String) -> [String: String] {
        annotations(digest: version.reloadsItself ? nil : SHA256.hexadecimal(configuration))
    }

    /// The same for a configuration whose digest is known.
    static func annotations(digest: String?) -> [String: String] {
        digest.map { ["tributary.dev/config-sha256": $0] } ?? [:]
    }

    /// The specification of a StatefulSet of these pods.
    func statefulSet(
        replicas: Int, serviceName: String, selector: [String: String], labels: [String: String],
        annotations: [String: String]
    ) -> JSON {
        var spec: JSON = [
            "replicas": JSON(replicas),
            "serviceName": JSON(serviceName),
            "podManagementPolicy": "Parallel",
            "selector": ["matchLabels": JSON(selector)],
            "template": [
                "metadata": [
                    "labels": JSON(labels), "annotations": annotations.isEmpty ? .null : JSON(annotations),
                ],
                "spec": pod,
            ],
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

    private var pod: JSON {
        var config = configuration
        config["name"] = "config"
        var volumes: [JSON] = [config]
        if storage == nil { volumes.append(["name": "data", "emptyDir": [:]]) }
        if var assets {
            assets["name"] = "assets"
            volumes.append(assets)
        }
        volumes += files.volumes
        var pod: JSON = [
            "securityContext": PodSecurity.pod(fsGroup: 65534),
            // Prometheus sends or writes out what it holds when it ends; with a long queue that takes a while.
            "terminationGracePeriodSeconds": 600,
            "containers": [container],
            "volumes": .array(volumes),
        ]
        for (key, value) in podSpec.object ?? [:] { pod[key] = value }
        return pod
    }

    private var container: JSON {
        let ready: JSON = ["path": "/-/ready", "port": "web"]
        let healthy: JSON = ["path": "/-/healthy", "port": "web"]
        var mounts: [JSON] = [
            ["name": "config", "mountPath": JSON(Self.configPath), "readOnly": true],
            ["name": "data", "mountPath": JSON(Self.dataPath)],
        ]
        if assets != nil {
            mounts.append(["name": "assets", "mountPath": JSON(Credentials.folder), "readOnly": true])
        }
        mounts += files.volumeMounts
        return [
            "name": "prometheus",
            "image": JSON(image),
            "args": JSON(arguments),
            "env": environment.isEmpty ? .null : .array(environment),
            "ports": [["name": "web", "containerPort": JSON(Self.port), "protocol": "TCP"]],
            "startupProbe": ["httpGet": ready, "periodSeconds": 15, "failureThreshold": 60],
            "readinessProbe": ["httpGet": ready, "periodSeconds": 5, "failureThreshold": 3],
            "livenessProbe": ["httpGet": healthy, "periodSeconds": 5, "failureThreshold": 6],
            "resources": resources,
            "securityContext": PodSecurity.container,
            "volumeMounts": .array(mounts),
        ]
    }
}
