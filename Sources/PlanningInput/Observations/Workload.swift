public import Kube

/// The progress of a Deployment, StatefulSet or DaemonSet that Tributary created.
public struct Workload: Sendable, Hashable {
    public var desired: Int
    public var ready: Int
    /// Whether its controller has observed the latest specification.
    public var isObserved: Bool
    /// Whether every replica has the latest specification.
    public var isUpdated: Bool
    /// The number of parts of the agent configuration that the pods mount.
    public var configParts: Int

    /// When an agent's shard started to drain; nil if it is wanted.
    public var drainingSince: Timestamp?

    /// Reads a workload's status.
    public init(_ object: Object) {
        drainingSince = object.annotations[Names.drainingAnnotation].flatMap { Timestamp($0) }
        let isDaemonSet = object.kind == Resource.daemonSets.kind
        desired =
            isDaemonSet
            ? Self.pods(object.json["status", "desiredNumberScheduled"]) ?? 0
            : Self.pods(object.json["spec", "replicas"]) ?? 1
        ready = Self.pods(object.json["status", isDaemonSet ? "numberReady" : "readyReplicas"]) ?? 0
        isObserved = (object.json["status", "observedGeneration"]?.int ?? 0) >= (object.generation ?? 0)
        let updated = object.json["status", isDaemonSet ? "updatedNumberScheduled" : "updatedReplicas"]?.int ?? 0
        isUpdated = updated >= desired
        configParts = ConfigParts.number(of: object) ?? 1
    }

    /// A number of pods. Kubernetes keeps it within 32 bits, but a file may have any number, and numbers of shards are summed.
    private static func pods(_ value: JSON?) -> Int? { value?.int.map { min(max(0, $0), Int(Int32.max)) } }

    /// Whether every replica is ready with the latest specification.
    public var isReady: Bool { isObserved && ready >= desired }
}
