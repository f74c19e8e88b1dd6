import Kube

// The shapes list only what `k8s.io/api` marks with +listType, +listMapKey, +mapType and patchMergeKey.
// By default, objects have named fields and lists are atomic.

extension MergeShape {
    private static let entries = MergeShape.map(.named)

    /// The shape of a kind whose spec and status have these fields.
    static func kind(spec: [String: MergeShape] = [:], status: [String: MergeShape] = [:]) -> MergeShape {
        .object(["metadata": .metadata, "spec": .object(spec), "status": .object(status)])
    }

    /// `conditions`, keyed by their type.
    static let conditions = MergeShape.list(by: "type")

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
    /// A kind without fields that differ from the default.
    static let plain = MergeShape.object(["metadata": .metadata])
}
