public import Kube

/// The volume that stores the write-ahead log of an agent.
public struct AgentStorageSpec: Sendable, Hashable, Codable {
    /// The size of a persistent volume for each pod, such as 10Gi.
    public var size: String?
    /// The StorageClass of the volume.
    public var className: String?
    /// A PersistentVolumeClaim for each pod, as in prometheus-operator.
    public var volumeClaimTemplate: JSON?
    /// An emptyDir, which outlives the container but not the pod, with medium and sizeLimit as in a pod.
    public var emptyDir: JSON?
    /// An ephemeral volume, which is created and deleted with each pod, as in a pod.
    public var ephemeral: JSON?
    /// A directory on the node, for DaemonSets.
    public var hostPath: HostPath?

    /// The `spec` of a PersistentVolumeClaim for each pod; nil if pods have no claim.
    public var claim: JSON? {
        if let size { return StorageSpec(size: size, className: className).claim }
        return volumeClaimTemplate?["spec"]
    }

    /// The volume of pods without a claim, without its name. Defaults to an emptyDir.
    public var volume: JSON {
        if let ephemeral { return ["ephemeral": ephemeral] }
        if let hostPath { return ["hostPath": ["path": JSON(hostPath.path), "type": "DirectoryOrCreate"]] }
        return ["emptyDir": emptyDir ?? [:]]
    }

    static let rules: [CheckedRule<AgentStorageSpec>] = [
        .atMostOne(of: [
            .init("size") { $0.size != nil }, .init("volumeClaimTemplate") { $0.volumeClaimTemplate != nil },
            .init("emptyDir") { $0.emptyDir != nil }, .init("ephemeral") { $0.ephemeral != nil },
            .init("hostPath") { $0.hostPath != nil },
        ]),
        CheckedRule(
            "!has(self.className) || has(self.size)", "requires \"size\"", at: "className"
        ) { $0.className == nil || $0.size != nil },
    ]

    static let schema = Schema.object(
        [
            "size": .size("The size of a persistent volume for each pod, such as 10Gi."),
            "className": .objectName("The StorageClass of the volume. Defaults to the default class of the cluster."),
            "volumeClaimTemplate": .anyObject(
                "A PersistentVolumeClaim for each pod, as in prometheus-operator. Only its spec is used."),
            "emptyDir": .anyObject(
                "An emptyDir, which outlives the container but not the pod, with medium and sizeLimit as in a pod."),
            "ephemeral": .anyObject("An ephemeral volume, which is created and deleted with each pod, as in a pod."),
            "hostPath": HostPath.schema,
        ],
        description: """
            Where the write-ahead log is stored. On a persistent volume, samples that could not be sent \
            outlive the pod. Defaults to an emptyDir.
            """
    ).with(rules: rules)
}

/// A directory on the node: `core/v1` HostPathVolumeSource.
public struct HostPath: Sendable, Hashable, Codable {
    /// The directory on the node, created if it does not exist.
    public var path: String

    static let schema = Schema.object(
        [
            "path": .text(
                """
                The directory on the node, created if it does not exist. User 65534, as which Prometheus runs, \
                must be able to write to it.
                """,
                max: 1024, pattern: #"^/[^:]*$"#)
        ], required: ["path"],
        description: "A directory on the node, for DaemonSets. The restricted Pod Security Standard does not allow it.")
}
