public import Kube

/// The key of a Deployment, StatefulSet or DaemonSet.
public struct WorkloadKey: Sendable, Hashable {
    private var kind: String
    /// The namespace and name.
    public private(set) var key: ObjectKey

    /// The key of a workload of a kind.
    public init(_ resource: Resource, _ key: ObjectKey) {
        kind = resource.kind
        self.key = key
    }
}
