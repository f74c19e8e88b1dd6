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
    var knowsItsName = false
    var files: [Volume] = []

    /// A volume and its mount path.
    struct Volume {
        var name: String
        var path: String
        /// The volume's source; nil for a volume from a claim template.
        var source: JSON?
        var isReadOnly = true
    }

    var spec: JSON {
        [
            "serviceAccountName": JSON(serviceAccount),
            "automountServiceAccountToken": false,
            "securityContext": PodSecurity.pod(user: Self.user, fsGroup: Self.user),
            "terminationGracePeriodSeconds": JSON(gracePeriod),
            "nodeSelector": placement?.nodeSelector.map { JSON($0) } ?? .null,
            "tolerations": placement?.tolerations.flatMap { try? JSON(encoding: $0) } ?? .null,
            "affinity": placement?.affinity ?? .null,
            "topologySpreadConstraints": TopologySpread.constraints(selector),
            "containers": [containerSpec],
            "volumes": .array(
                files.compactMap { file in
                    file.source.map { source in
                        var volume = source
                        volume["name"] = JSON(file.name)
                        return volume
                    }
                }),
        ]
    }

    private var containerSpec: JSON {
        let healthy: JSON = ["path": "/-/healthy", "port": "http"]
        let name: JSON = ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]]
        return [
            "name": JSON(container),
            "image": JSON(release.image),
            "args": JSON(release.commandLine(component, arguments)),
            "env": knowsItsName ? [name] : .null,
            "ports": .array(
                ports.map { ["name": JSON($0.name), "containerPort": JSON($0.number), "protocol": "TCP"] }),
            // Replaying a long write-ahead log takes minutes. A receiver is not ready before it has a hashring file.
            "startupProbe": ["httpGet": healthy, "periodSeconds": 5, "failureThreshold": 120],
            "livenessProbe": ["httpGet": healthy, "periodSeconds": 30, "failureThreshold": 4],
            "readinessProbe": ["httpGet": ["path": "/-/ready", "port": "http"], "periodSeconds": 5],
            "resources": resources,
            "securityContext": PodSecurity.container,
            "volumeMounts": files.isEmpty
                ? .null
                : .array(
                    files.map { file in
                        [
                            "name": JSON(file.name), "mountPath": JSON(file.path),
                            "readOnly": file.isReadOnly ? true : .null,
                        ]
                    }),
        ]
    }
}
