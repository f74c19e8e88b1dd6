public import Kube

/// The process in a pod, reduced to what tells which hashring file it has: its address, age and identity.
public struct PodProcess: Sendable, Hashable {
    /// The UID of the pod; nil if it comes from a file.
    public var uid: String?
    /// The IP address of the pod, from its status.
    public var ip: String?
    /// How often its containers were restarted.
    public var restarts: Int
    /// When the pod was created.
    public var created: Timestamp?
    /// The ConfigMaps that its volumes mount, sorted.
    public var configMaps: [String]

    /// The hash of the file that the pod's kubelet was last told about, from ``hashringAnnotation``.
    public var toldHash: String?

    /// On pods that mount the hashring file: the beginning of the SHA-256 of the file that their kubelet was told
    /// about.
    public static let hashringAnnotation = "tributary.dev/hashring-hash"

    /// Reads a pod.
    public init(_ pod: Object) {
        uid = pod.uid
        ip = pod.json["status", "podIP"]?.string
        let containers = pod.json["status", "containerStatuses"]?.array ?? []
        restarts = containers.reduce(0) { $0 &+ ($1["restartCount"]?.int ?? 0) }
        created = pod.json["metadata", "creationTimestamp"]?.string.flatMap { Timestamp($0) }
        toldHash = pod.annotations[Self.hashringAnnotation]
        let volumes = pod.json["spec", "volumes"]?.array ?? []
        configMaps = Set(
            volumes.flatMap { volume in
                [volume["configMap", "name"]?.string]
                    + (volume["projected", "sources"]?.array ?? []).map { $0["configMap", "name"]?.string }
            }.compactMap { $0 }
        ).sorted()
    }

    /// Whether another is the same process, which has read the same files.
    public func isSame(as other: PodProcess) -> Bool { uid == other.uid && restarts == other.restarts }
}
