public import Kube

/// What of a pod's program is looked at to learn which hashring file it has: where it is, since when, and which one it is.
public struct PodProcess: Sendable, Hashable {
    /// The pod's UID; nil in a file.
    public var uid: String?
    /// The pod's address, as the kubelet says.
    public var ip: String?
    /// How often its containers were started again.
    public var restarts: Int
    /// When the pod was made.
    public var created: Timestamp?
    /// The ConfigMaps that its volumes are filled from, sorted.
    public var configMaps: [String]

    /// The hash of the file that the pod's kubelet was last told about, from ``hashringAnnotation``.
    public var toldHash: String?

    /// On pods that mount the hashring file: the beginning of the SHA-256 of the file that their kubelet was told about.
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

    /// Whether another is the same process: it has the same files open and remembers the same.
    public func isSame(as other: PodProcess) -> Bool { uid == other.uid && restarts == other.restarts }
}
