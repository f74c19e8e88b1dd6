// These shapes list what `k8s.io/api` marks with +listType, +listMapKey, +mapType and patchMergeKey.
// Everything else follows the default: objects have named fields, lists are atomic.

extension MergeShape {
    private static let entries = MergeShape.map(.named)

    /// `meta/v1` ObjectMeta.
    public static let metadata = MergeShape.object([
        "labels": entries, "annotations": entries, "finalizers": .set, "ownerReferences": .list(by: "uid", of: .atomic),
    ])

    /// A list of ports, identified by number and protocol; strategic merge patches use only the number.
    public static func ports(_ number: String) -> MergeShape {
        .list(Keys(names: [(number, nil), ("protocol", "TCP")], patchKey: number), .named)
    }

    private static let resources = MergeShape.object([
        "limits": entries, "requests": entries,
        "claims": .list(Keys(names: [("name", nil)], patchKey: nil), .named),
    ])

    private static let container = MergeShape.object([
        "env": .list(
            by: "name",
            of: .object([
                "valueFrom": .object([
                    "configMapKeyRef": .atomic, "fieldRef": .atomic, "fileKeyRef": .atomic, "resourceFieldRef": .atomic,
                    "secretKeyRef": .atomic,
                ])
            ])),
        "ports": ports("containerPort"), "resources": resources, "volumeDevices": .list(by: "devicePath"),
        "volumeMounts": .list(by: "mountPath"),
    ])

    /// The fields of `core/v1` PersistentVolumeClaimSpec.
    public static let claimSpec: [String: MergeShape] = [
        "dataSource": .atomic, "selector": .atomic, "resources": .object(["limits": entries, "requests": entries]),
    ]

    private static let volumeSource = MergeShape.object(["secretRef": .atomic])

    private static let volume = MergeShape.object([
        "cephfs": volumeSource, "cinder": volumeSource, "iscsi": volumeSource, "rbd": volumeSource,
        "scaleIO": volumeSource, "storageos": volumeSource,
        "flexVolume": .object(["secretRef": .atomic, "options": entries]),
        "csi": .object(["nodePublishSecretRef": .atomic, "volumeAttributes": entries]),
        "ephemeral": .object(["volumeClaimTemplate": .object(["metadata": .metadata, "spec": .object(claimSpec)])]),
    ])

    /// The fields of `core/v1` PodSpec.
    public static let podSpec: [String: MergeShape] = [
        "affinity": .object(["nodeAffinity": .object(["requiredDuringSchedulingIgnoredDuringExecution": .atomic])]),
        "containers": .list(by: "name", of: container), "initContainers": .list(by: "name", of: container),
        "ephemeralContainers": .list(by: "name", of: container),
        "hostAliases": .list(by: "ip"), "imagePullSecrets": .list(by: "name", of: .atomic), "nodeSelector": .atomic,
        "overhead": entries, "resourceClaims": .list(by: "name"), "resources": resources,
        "schedulingGates": .list(by: "name"), "volumes": .list(by: "name", of: volume),
        "topologySpreadConstraints": .list(
            by: "topologyKey", "whenUnsatisfiable", of: .object(["labelSelector": .atomic])),
    ]
}
