import Kube

// What is written down here is what `k8s.io/api` marks with +listType, +listMapKey, +mapType and patchMergeKey.
// Everything else is the rule: objects have named fields, lists are atomic.

extension MergeShape {
    private static let entries = MergeShape.map(.named)

    /// `meta/v1` ObjectMeta.
    static let metadata = MergeShape.object([
        "labels": entries, "annotations": entries, "finalizers": .set, "ownerReferences": .list(by: "uid", of: .atomic),
    ])

    /// A kind whose spec and status have these fields.
    static func kind(spec: [String: MergeShape] = [:], status: [String: MergeShape] = [:]) -> MergeShape {
        .object(["metadata": .metadata, "spec": .object(spec), "status": .object(status)])
    }

    /// `conditions`, told apart by their type.
    static let conditions = MergeShape.list(by: "type")

    private static func ports(_ number: String) -> MergeShape {
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

    private static let claimSpec: [String: MergeShape] = [
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

    private static let podSpec: [String: MergeShape] = [
        "affinity": .object(["nodeAffinity": .object(["requiredDuringSchedulingIgnoredDuringExecution": .atomic])]),
        "containers": .list(by: "name", of: container), "initContainers": .list(by: "name", of: container),
        "ephemeralContainers": .list(by: "name", of: container),
        "hostAliases": .list(by: "ip"), "imagePullSecrets": .list(by: "name", of: .atomic), "nodeSelector": .atomic,
        "overhead": entries, "resourceClaims": .list(by: "name"), "resources": resources,
        "schedulingGates": .list(by: "name"), "volumes": .list(by: "name", of: volume),
        "topologySpreadConstraints": .list(
            by: "topologyKey", "whenUnsatisfiable", of: .object(["labelSelector": .atomic])),
    ]

    private static let workloadSpec: [String: MergeShape] = [
        "selector": .atomic, "template": .object(["metadata": .metadata, "spec": .object(podSpec)]),
    ]

    static let pod = kind(
        spec: podSpec,
        status: ["conditions": conditions, "podIPs": .list(by: "ip"), "resourceClaimStatuses": .list(by: "name")])
    static let workload = kind(spec: workloadSpec, status: ["conditions": conditions])
    static let service = kind(
        spec: ["ports": ports("port"), "selector": .atomic], status: ["conditions": conditions])
    static let serviceAccount = MergeShape.object([
        "metadata": .metadata, "secrets": .list(by: "name", of: .atomic),
    ])
    static let configMap = MergeShape.object(["metadata": .metadata, "data": entries, "binaryData": entries])
    static let secret = MergeShape.object(["metadata": .metadata, "data": entries, "stringData": entries])
    static let namespace = kind(status: ["conditions": conditions])
    static let node = kind(
        spec: ["podCIDRs": .set],
        status: [
            "addresses": .list(by: "type"), "conditions": conditions, "capacity": entries, "allocatable": entries,
        ])
    static let event = MergeShape.object([
        "metadata": .metadata, "involvedObject": .atomic, "regarding": .atomic, "related": .atomic,
    ])
    static let persistentVolumeClaim = kind(
        spec: claimSpec,
        status: [
            "conditions": conditions, "capacity": entries, "allocatedResources": entries,
            "allocatedResourceStatuses": entries,
        ])
    static let roleBinding = MergeShape.object(["metadata": .metadata, "roleRef": .atomic])
    static let ingress = kind(
        spec: ["defaultBackend": .object(["resource": .atomic, "service": .object(["port": .atomic])])])
    static let networkPolicy = kind(spec: ["podSelector": .atomic])
    static let podDisruptionBudget = kind(
        spec: ["selector": .atomic], status: ["conditions": conditions, "disruptedPods": entries])
    static let customResourceDefinition = kind(status: ["conditions": conditions])
    /// A kind with nothing in it that differs from the rule.
    static let plain = MergeShape.object(["metadata": .metadata])
}
