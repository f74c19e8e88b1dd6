public import Kube

/// Where an agent's write-ahead log lies.
public struct AgentStorageSpec: Sendable, Hashable, Codable {
    public var size: String?
    public var className: String?
    public var volumeClaimTemplate: JSON?
    public var emptyDir: JSON?
    public var ephemeral: JSON?
    public var hostPath: HostPath?

    /// The specification of a PersistentVolumeClaim for each pod; nil where there is none.
    public var claim: JSON? {
        if let size { return StorageSpec(size: size, className: className).claim }
        return volumeClaimTemplate?["spec"]
    }

    /// The volume in the pod where there is no claim, without its name; an emptyDir unless another is named.
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
            "!has(self.className) || has(self.size)", "should be absent without \"size\"", at: "className"
        ) { $0.className == nil || $0.size != nil },
    ]

    static let schema = Schema.object(
        [
            "size": .size("The size of a volume for each pod, such as 10Gi: a PersistentVolumeClaim."),
            "className": .objectName("Its StorageClass. Defaults to the cluster's own default."),
            "volumeClaimTemplate": .anyObject(
                "A PersistentVolumeClaim for each pod, as prometheus-operator has it: its spec is taken."),
            "emptyDir": .anyObject(
                "A folder that outlives the container, not the pod: medium and sizeLimit as in a pod."),
            "ephemeral": .anyObject("A volume that is made and deleted with each pod: as in a pod."),
            "hostPath": HostPath.schema,
        ],
        description: """
            Where the write-ahead log lies, so that what could not be sent outlives the pod. Defaults to an emptyDir.
            """
    ).with(rules: rules)
}

/// A folder of the node.
public struct HostPath: Sendable, Hashable, Codable {
    public var path: String

    static let schema = Schema.object(
        [
            "path": .text(
                "The folder; made where there is none. Prometheus's user, 65534, has to be able to write there.",
                max: 1024, pattern: #"^/[^:]*$"#)
        ], required: ["path"],
        description: """
            A folder of the node, for DaemonSets. The restricted Pod Security Standard does not allow it.
            """)
}
