import Kube

// The fields of `k8s.io/api` that this server, its controllers and its tables read, without `apiVersion` and `kind`, which
// `BodyDecoder` reads before it.
extension GoType {
    /// The Go type of the objects of a built-in kind.
    init(builtIn kind: String) {
        let common = ["metadata": Self.metadata]
        self = .object(kind, common.merging(Self.kinds[kind] ?? [:]) { $1 })
    }

    /// `autoscaling/v1` Scale.
    static let scale = GoType.object(
        "Scale",
        ["metadata": metadata, "spec": .object("ScaleSpec", ["replicas": .int32])])

    /// `meta/v1` DeleteOptions.
    static let deleteOptions = GoType.object(
        "DeleteOptions",
        [
            "apiVersion": .string, "kind": .string, "gracePeriodSeconds": .int64, "orphanDependents": .bool,
            "propagationPolicy": .string, "dryRun": .list(.string),
            "preconditions": .object("Preconditions", ["uid": .uid, "resourceVersion": .string]),
        ])

    /// `meta/v1` ObjectMeta, which custom resources have, too.
    static let metadata = GoType.object(
        "ObjectMeta",
        [
            "name": .string, "generateName": .string, "namespace": .string, "uid": .uid,
            "resourceVersion": .string, "generation": .int64, "creationTimestamp": .string,
            "deletionTimestamp": .string, "deletionGracePeriodSeconds": .int64, "labels": .map(.string),
            "annotations": .map(.string), "finalizers": .list(.string),
            "ownerReferences": .list(
                .object(
                    "OwnerReference",
                    [
                        "apiVersion": .string, "kind": .string, "name": .string, "uid": .uid, "controller": .bool,
                        "blockOwnerDeletion": .bool,
                    ])),
            "managedFields": .list(
                .object(
                    "ManagedFieldsEntry",
                    [
                        "manager": .string, "operation": .string, "apiVersion": .string, "subresource": .string,
                        "time": .string, "fieldsType": .string,
                    ])),
        ])

    private static let kinds: [String: [String: GoType]] = [
        "ConfigMap": ["data": .map(.string), "binaryData": .map(.bytes), "immutable": .bool],
        "Secret": ["data": .map(.bytes), "stringData": .map(.string), "type": .string, "immutable": .bool],
        "Service": ["spec": service], "Pod": ["spec": podSpec, "status": podStatus],
        "Node": ["spec": .object("NodeSpec", ["unschedulable": .bool])],
        "Namespace": ["status": .object("NamespaceStatus", ["phase": .string])],
        "PersistentVolumeClaim": ["spec": claimSpec],
        "Event": [
            "count": .int32, "deprecatedCount": .int32, "reason": .string, "type": .string, "message": .string,
            "note": .string,
        ],
        "Deployment": workload(
            "Deployment",
            [
                "replicas": .int32, "revisionHistoryLimit": .int32, "progressDeadlineSeconds": .int32,
                "paused": .bool,
                "strategy": .object(
                    "DeploymentStrategy",
                    [
                        "type": .string,
                        "rollingUpdate": .object(
                            "RollingUpdateDeployment", ["maxSurge": .intOrString, "maxUnavailable": .intOrString]),
                    ]),
            ]),
        "ReplicaSet": workload("ReplicaSet", ["replicas": .int32]),
        "DaemonSet": workload("DaemonSet", ["revisionHistoryLimit": .int32]),
        "StatefulSet": workload(
            "StatefulSet",
            [
                "replicas": .int32, "revisionHistoryLimit": .int32, "serviceName": .string,
                "podManagementPolicy": .string, "ordinals": .object("StatefulSetOrdinals", ["start": .int32]),
                "updateStrategy": .object(
                    "StatefulSetUpdateStrategy",
                    [
                        "type": .string,
                        "rollingUpdate": .object(
                            "RollingUpdateStatefulSetStrategy",
                            ["partition": .int32, "maxUnavailable": .intOrString]),
                    ]),
                "persistentVolumeClaimRetentionPolicy": .object(
                    "StatefulSetPersistentVolumeClaimRetentionPolicy",
                    ["whenDeleted": .string, "whenScaled": .string]),
                "volumeClaimTemplates": .list(
                    .object("PersistentVolumeClaim", ["metadata": metadata, "spec": claimSpec])),
            ]),
        "NetworkPolicy": ["spec": networkPolicySpec],
        "PodDisruptionBudget": [
            "spec": .object(
                "PodDisruptionBudgetSpec",
                ["minAvailable": .intOrString, "maxUnavailable": .intOrString, "selector": labelSelector])
        ],
        "EndpointSlice": [
            "addressType": .string,
            "endpoints": .list(
                .object(
                    "Endpoint",
                    ["addresses": .list(.string), "hostname": .string, "nodeName": .string, "zone": .string])),
            "ports": .list(.object("EndpointPort", ["name": .string, "port": .int32, "protocol": .string])),
        ],
        "Lease": [
            "spec": .object(
                "LeaseSpec",
                [
                    "holderIdentity": .string, "leaseDurationSeconds": .int32, "leaseTransitions": .int32,
                    "acquireTime": .string, "renewTime": .string,
                ])
        ],
        "Role": ["rules": rules], "ClusterRole": ["rules": rules],
        "RoleBinding": binding, "ClusterRoleBinding": binding,
        "CustomResourceDefinition": ["spec": definitionSpec],
    ]

    private static let labelSelector = GoType.object(
        "LabelSelector",
        [
            "matchLabels": .map(.string),
            "matchExpressions": .list(
                .object("LabelSelectorRequirement", ["key": .string, "operator": .string, "values": .list(.string)])),
        ])

    private static let conditions = GoType.list(
        .object("Condition", ["type": .string, "status": .string, "reason": .string, "message": .string]))

    private static let container = GoType.object(
        "Container",
        [
            "name": .string, "image": .string, "command": .list(.string), "args": .list(.string),
            "env": .list(.object("EnvVar", ["name": .string, "value": .string])),
            "ports": .list(
                .object(
                    "ContainerPort",
                    ["name": .string, "containerPort": .int32, "hostPort": .int32, "protocol": .string])),
            "volumeMounts": .list(.object("VolumeMount", ["name": .string, "mountPath": .string, "readOnly": .bool])),
        ])

    private static let podSpec = GoType.object(
        "PodSpec",
        [
            "containers": .list(container), "initContainers": .list(container), "nodeName": .string,
            "nodeSelector": .map(.string), "restartPolicy": .string, "serviceAccountName": .string,
            "hostname": .string, "subdomain": .string, "hostNetwork": .bool, "priorityClassName": .string,
            "terminationGracePeriodSeconds": .int64, "volumes": .list(.object("Volume", ["name": .string])),
        ])

    private static let podStatus = GoType.object(
        "PodStatus",
        [
            "phase": .string, "reason": .string, "podIP": .string, "conditions": conditions,
            "containerStatuses": containerStatuses, "initContainerStatuses": containerStatuses,
        ])

    private static let containerStatuses = GoType.list(
        .object("ContainerStatus", ["name": .string, "ready": .bool, "started": .bool, "restartCount": .int32]))

    private static let service = GoType.object(
        "ServiceSpec",
        [
            "type": .string, "clusterIP": .string, "clusterIPs": .list(.string), "externalName": .string,
            "publishNotReadyAddresses": .bool, "selector": .map(.string),
            "ports": .list(
                .object(
                    "ServicePort",
                    [
                        "name": .string, "port": .int32, "nodePort": .int32, "protocol": .string,
                        "targetPort": .intOrString, "appProtocol": .string,
                    ])),
        ])

    private static let claimSpec = GoType.object(
        "PersistentVolumeClaimSpec",
        [
            "accessModes": .list(.string), "selector": labelSelector, "storageClassName": .string,
            "volumeMode": .string, "volumeName": .string,
        ])

    private static let networkPolicySpec: GoType = {
        let peers = GoType.list(
            .object(
                "NetworkPolicyPeer",
                [
                    "podSelector": labelSelector, "namespaceSelector": labelSelector,
                    "ipBlock": .object("IPBlock", ["cidr": .string, "except": .list(.string)]),
                ]))
        let ports = GoType.list(
            .object("NetworkPolicyPort", ["protocol": .string, "port": .intOrString, "endPort": .int32]))
        return .object(
            "NetworkPolicySpec",
            [
                "podSelector": labelSelector, "policyTypes": .list(.string),
                "ingress": .list(.object("NetworkPolicyIngressRule", ["from": peers, "ports": ports])),
                "egress": .list(.object("NetworkPolicyEgressRule", ["to": peers, "ports": ports])),
            ])
    }()

    private static let rules = GoType.list(
        .object(
            "PolicyRule",
            [
                "verbs": .list(.string), "apiGroups": .list(.string), "resources": .list(.string),
                "resourceNames": .list(.string), "nonResourceURLs": .list(.string),
            ]))

    private static let binding: [String: GoType] = [
        "roleRef": .object("RoleRef", ["apiGroup": .string, "kind": .string, "name": .string]),
        "subjects": .list(
            .object("Subject", ["apiGroup": .string, "kind": .string, "name": .string, "namespace": .string])),
    ]

    private static let definitionSpec: GoType = {
        let names = GoType.object(
            "CustomResourceDefinitionNames",
            [
                "plural": .string, "singular": .string, "kind": .string, "listKind": .string,
                "shortNames": .list(.string), "categories": .list(.string),
            ])
        let column = GoType.object(
            "CustomResourceColumnDefinition",
            [
                "name": .string, "type": .string, "format": .string, "description": .string, "jsonPath": .string,
                "priority": .int32,
            ])
        let scale = GoType.object(
            "CustomResourceSubresourceScale",
            ["specReplicasPath": .string, "statusReplicasPath": .string, "labelSelectorPath": .string])
        let version = GoType.object(
            "CustomResourceDefinitionVersion",
            [
                "name": .string, "served": .bool, "storage": .bool, "deprecated": .bool,
                "deprecationWarning": .string, "additionalPrinterColumns": .list(column),
                "subresources": .object(
                    "CustomResourceSubresources",
                    ["status": .object("CustomResourceSubresourceStatus", [:]), "scale": scale]),
            ])
        return .object(
            "CustomResourceDefinitionSpec",
            [
                "group": .string, "scope": .string, "names": names, "versions": .list(version),
                "preserveUnknownFields": .bool,
                "conversion": .object("CustomResourceConversion", ["strategy": .string]),
            ])
    }()

    private static func workload(_ kind: String, _ spec: [String: GoType]) -> [String: GoType] {
        let common: [String: GoType] = [
            "selector": labelSelector, "minReadySeconds": .int32,
            "template": .object("PodTemplateSpec", ["metadata": metadata, "spec": podSpec]),
        ]
        let numbers = [
            "replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "currentReplicas",
            "unavailableReplicas", "fullyLabeledReplicas", "desiredNumberScheduled", "currentNumberScheduled",
            "numberReady", "numberAvailable", "updatedNumberScheduled", "collisionCount",
        ]
        var status = Dictionary(uniqueKeysWithValues: numbers.map { ($0, GoType.int32) })
        status["observedGeneration"] = .int64
        status["conditions"] = conditions
        return [
            "spec": .object("\(kind)Spec", spec.merging(common) { $1 }), "status": .object("\(kind)Status", status),
        ]
    }
}
