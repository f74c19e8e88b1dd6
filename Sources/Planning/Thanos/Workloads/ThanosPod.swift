import Kube
import TributaryAPI

/// A pod that runs one Thanos component: what receivers, routers and queriers have in common.
struct ThanosPod {
    /// The user of Thanos's image.
    static let user = 1001

    var container: String
    var release: ThanosRelease
    var component: ThanosComponent
    var serviceAccount: String
    /// The arguments of the newest version; those that the release does not take are left out.
    var arguments: [String]
    var ports: [(name: String, number: Int)]
    var resources: JSON
    var placement: (any PodPlacement)?
    /// The labels that select its pods and no others.
    var selector: [String: String]
    /// How long it may take to exit, in seconds.
    var gracePeriod: Int
    /// How long it serves once it is to exit, in seconds; nil if it stops at once.
    var drain: Int?
    var knowsItsName = false
    var files: [Volume] = []
    /// TLS between the parts; nil for plain connections.
    var tls: ThanosTLS?
    /// The view whose configuration of the HTTP port it has; nil for plain HTTP.
    var httpsOf: String?
    /// Further environment variables.
    var environment: [JSON] = []

    /// A volume and its mount path.
    struct Volume {
        var name: String
        var path: String
        /// The volume's source; nil for a volume from a claim template.
        var source: JSON?
        var isReadOnly = true
    }

    /// The template of a Deployment or StatefulSet of such pods: their labels and annotations, and the pod.
    func template(labels: [String: String]) -> JSON {
        let given = placement?.podMetadata
        let annotations = (given?.annotations ?? [:]).merging(tls?.annotations ?? [:]) { _, own in own }
        return [
            "metadata": [
                "labels": JSON((given?.labels ?? [:]).merging(labels) { _, own in own }),
                "annotations": annotations.isEmpty ? .null : JSON(annotations),
            ],
            "spec": spec,
        ]
    }

    /// A Deployment of such pods.
    func deployment(_ name: String, of owner: Owner, labels: [String: String], replicas: Int) -> Object {
        owner.object(
            .deployments, name, labels: labels,
            [
                "spec": [
                    "replicas": JSON(replicas), "selector": ["matchLabels": JSON(selector)],
                    "template": template(labels: labels),
                ]
            ])
    }

    private var volumes: [Volume] {
        var all = files
        if let tls { all.append(Volume(name: "tls", path: ThanosTLS.folder, source: tls.volume)) }
        if let httpsOf {
            let web = ThanosTLS.webVolume(of: httpsOf)
            all.append(Volume(name: "web", path: web.path, source: web.source))
        }
        return all
    }

    private var spec: JSON {
        [
            "serviceAccountName": JSON(serviceAccount),
            "automountServiceAccountToken": false,
            "securityContext": PodSecurity.pod(user: Self.user, fsGroup: Self.user),
            "terminationGracePeriodSeconds": JSON(gracePeriod),
            "nodeSelector": placement?.nodeSelector.map { JSON($0) } ?? .null,
            "tolerations": placement?.tolerations.flatMap { try? JSON(encoding: $0) } ?? .null,
            "affinity": placement?.affinity ?? .null,
            "topologySpreadConstraints": placement?.topologySpreadConstraints.map { .array($0) }
                ?? TopologySpread.constraints(selector),
            "priorityClassName": placement?.priorityClassName.map { JSON($0) } ?? .null,
            "containers": [containerSpec],
            "volumes": .array(
                volumes.compactMap { file in
                    file.source.map { source in
                        var volume = source
                        volume["name"] = JSON(file.name)
                        return volume
                    }
                }),
        ]
    }

    private var containerSpec: JSON {
        func probe(_ path: String) -> JSON {
            ["path": JSON(path), "port": "http", "scheme": httpsOf == nil ? .null : "HTTPS"]
        }
        let healthy = probe("/-/healthy")
        // Thanos itself refuses requests as soon as it is told to exit.
        let drain: JSON? = drain.map { ["preStop": ["exec": ["command": ["sleep", JSON("\($0)")]]]] }
        let name: JSON = ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]
        return [
            "name": JSON(container),
            "image": JSON(release.image),
            "args": JSON(release.commandLine(component, arguments)),
            "env": environment.isEmpty && !knowsItsName ? .null : .array((knowsItsName ? [name] : []) + environment),
            "ports": .array(
                ports.map { ["name": JSON($0.name), "containerPort": JSON($0.number), "protocol": "TCP"] }),
            // Replaying a long write-ahead log takes minutes. A receiver is not ready before it has a hashring file.
            "startupProbe": ["httpGet": healthy, "periodSeconds": 5, "failureThreshold": 120],
            "livenessProbe": ["httpGet": healthy, "periodSeconds": 30, "failureThreshold": 4],
            "readinessProbe": ["httpGet": probe("/-/ready"), "periodSeconds": 5],
            "lifecycle": drain ?? .null,
            "resources": resources,
            "securityContext": PodSecurity.container,
            "volumeMounts": volumes.isEmpty
                ? .null
                : .array(
                    volumes.map { file in
                        [
                            "name": JSON(file.name), "mountPath": JSON(file.path),
                            "readOnly": file.isReadOnly ? true : .null,
                        ]
                    }),
        ]
    }
}
