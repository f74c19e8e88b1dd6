import Crypto
import Kube
import PlanningInput
import TributaryAPI

/// The pods that evaluate rules: a Deployment, a Secret with the configuration, ConfigMaps with the rule files.
///
/// Thanos Rule keeps no series: it writes results back by remote write, and restores the state of alerts from them. So a
/// Deployment without a volume claim is enough.
struct RulerWorkload {
    var owner: Owner
    var name: String
    var component: String
    var image: String
    var replicas: Int
    var resources: JSON?
    var interval: String
    var configuration: RulerConfiguration
    var parts: RuleParts
    /// Where people query, for the links in alerts.
    var queryLink: String?

    private static let user = 1001
    /// The annotation of the template: the beginning of the SHA-256 of what is read at the start only.
    private static let configurationAnnotation = "tributary.dev/ruler-configuration"
    private static let defaultResources: JSON = [
        "requests": ["cpu": "10m", "memory": "48Mi"], "limits": ["memory": "512Mi"],
    ]

    private var labels: [String: String] { owner.labels(component, program: RulerNames.program) }
    private var selector: [String: String] { owner.selector(component, program: RulerNames.program) }
    private var access: RulerAccess { configuration.access }

    /// The Deployment.
    var workload: WorkloadKey { WorkloadKey(.deployments, ObjectKey(namespace: owner.namespace, name: name)) }

    /// The objects that may exist under a name: they stay while it is not known which rules there are.
    static func kept(_ name: String, in namespace: String) -> Set<Plan.Kept> {
        func key(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }
        let parts = (0..<RulerNames.mostParts).map { Plan.Kept(.configMaps, key(RulerNames.part($0, of: name))) }
        return Set(parts + [Plan.Kept(.secrets, key(name)), Plan.Kept(.deployments, key(name))])
    }

    var objects: [Object] {
        var mounts = FileMounts()
        let files = configuration.files(&mounts)
        let tokens = configuration.tokens
        let data = files.merging(tokens) { file, _ in file }.merging([RulerScript.name: RulerScript.text]) { $1 }
        let secret = owner.object(
            .secrets, name, labels: labels,
            ["type": "Opaque", "data": JSON(data.mapValues { Base64.encode($0.utf8) })])
        let digest = SHA256.hexadecimal(
            files.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)" }.joined() + RulerScript.text)
        var deployment = owner.deployment(
            name, labels: labels, selector: selector, replicas: replicas, pod: pod(mounts).droppingNulls)
        deployment.json["spec", "template", "metadata", "annotations"] = [
            Self.configurationAnnotation: .string(String(digest.prefix(12)))
        ]
        return parts.objects(owner, name, labels: labels) + [secret, deployment]
    }

    private func pod(_ mounts: FileMounts) -> JSON {
        var volumes: [JSON] = [
            ["name": "config", "secret": ["secretName": JSON(name)]], parts.volume(name),
            ["name": "work", "emptyDir": ["sizeLimit": "2Gi"]],
        ]
        if let secret = access.authoritySecret {
            let item: JSON = ["key": "ca.crt", "path": "ca.crt"]
            volumes.append(
                [
                    "name": "authority",
                    "secret": ["secretName": JSON(secret), "items": [item], "optional": true],
                ])
        }
        return [
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "securityContext": PodSecurity.pod(user: Self.user, fsGroup: Self.user),
            "terminationGracePeriodSeconds": 30,
            "topologySpreadConstraints": replicas > 1 ? TopologySpread.constraints(selector) : .null,
            "containers": [container(mounts)],
            "volumes": .array(volumes + mounts.volumes),
        ]
    }

    private func container(_ mounts: FileMounts) -> JSON {
        func mount(_ name: String, _ path: String, isReadOnly: Bool = true) -> JSON {
            let json: JSON = [
                "name": JSON(name), "mountPath": JSON(path), "readOnly": isReadOnly ? true : .null,
            ]
            return json.droppingNulls
        }
        var environment: [JSON] = []
        var volumeMounts = [
            mount("config", RulerConfiguration.folder), mount("rules", RulerScript.rulesFolder),
            mount("work", RulerScript.workFolder, isReadOnly: false),
        ]
        if access.authoritySecret != nil {
            volumeMounts.append(mount("authority", Self.authorityFolder))
            // Besides the authorities of the image. A folder that is empty does no harm, as the file of a setting would.
            environment.append(["name": "SSL_CERT_DIR", "value": JSON("/etc/ssl/certs:\(Self.authorityFolder)")])
        }
        if access.replicaLabel != nil {
            environment.append(["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]])
        }
        let healthy: JSON = ["path": "/-/healthy", "port": "http"]
        return [
            "name": "ruler",
            "image": JSON(image),
            "command": ["/bin/sh", JSON("\(RulerConfiguration.folder)/\(RulerScript.name)")],
            "args": JSON(arguments),
            "env": environment.isEmpty ? .null : .array(environment),
            "ports": [["name": "http", "containerPort": JSON(RulerNames.httpPort), "protocol": "TCP"]],
            "startupProbe": ["httpGet": healthy, "periodSeconds": 5, "failureThreshold": 60],
            "livenessProbe": ["httpGet": healthy, "periodSeconds": 30, "failureThreshold": 4],
            "readinessProbe": ["httpGet": ["path": "/-/ready", "port": "http"], "periodSeconds": 5],
            "resources": resources ?? Self.defaultResources,
            "securityContext": PodSecurity.container,
            "volumeMounts": .array(volumeMounts + mounts.volumeMounts),
        ]
    }

    private static let authorityFolder = "/etc/tributary/authority"

    /// The arguments of `thanos rule`, which versions from 0.30 on take.
    var arguments: [String] {
        let (config, work) = (RulerConfiguration.folder, RulerScript.workFolder)
        var arguments = [
            "--http-address=0.0.0.0:\(RulerNames.httpPort)",
            // It has no series of its own to serve.
            "--grpc-address=127.0.0.1:10901",
            "--data-dir=\(work)/data",
            "--rule-file=\(work)/rules/*.yaml",
            "--query.config-file=\(config)/query.yaml",
            "--remote-write.config-file=\(config)/remote-write.yaml",
            "--alertmanagers.config-file=\(work)/\(RulerConfiguration.alertmanagersFile)",
            "--alert.relabel-config-file=\(config)/alert-relabel.yaml",
            "--eval-interval=\(interval)",
        ]
        if let queryLink { arguments.append("--alert.query-url=\(queryLink)") }
        if let label = access.label {
            arguments += ["--label=\(label.name)=\"\(label.id)\"", "--restore-ignored-label=\(label.name)"]
        }
        if let replica = access.replicaLabel {
            arguments += ["--label=\(replica)=\"$(POD_NAME)\"", "--restore-ignored-label=\(replica)"]
        }
        return arguments
    }
}
