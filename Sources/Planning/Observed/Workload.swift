public import Kube

/// How far a Deployment or StatefulSet that Tributary made has come.
public struct Workload: Sendable, Hashable {
    public var desired: Int
    public var ready: Int
    /// Whether its controller has seen the newest specification.
    public var isObserved: Bool
    /// Whether every replica runs by the newest specification.
    public var isUpdated: Bool
    /// In how many parts an agent's configuration is that the pods mount.
    public var configParts: Int

    /// Reads a Deployment's or StatefulSet's status.
    public init(_ object: Object) {
        desired = object.json["spec", "replicas"]?.int ?? 1
        ready = object.json["status", "readyReplicas"]?.int ?? 0
        isObserved = (object.json["status", "observedGeneration"]?.int ?? 0) >= (object.generation ?? 0)
        isUpdated = (object.json["status", "updatedReplicas"]?.int ?? 0) >= desired
        configParts = object.annotations[ConfigSecrets.annotation].flatMap { Int($0) } ?? 1
    }

    /// Whether every replica serves with the newest specification.
    public var isReady: Bool { isObserved && ready >= desired }
}
