public import Kube
import PlanningInput

/// A draining shard, and how to ask its pods for their progress.
public struct DrainTarget: Sendable, Hashable {
    /// The StatefulSet or Deployment.
    public var workload: ObjectKey
    /// The label selector of its pods.
    public var podSelector: String
    /// The scheme of Prometheus's web server.
    public var scheme: String
    /// The port of Prometheus's web server.
    public var port: Int
    /// The path of its metrics.
    public var path: String

    /// A draining shard.
    public init(workload: ObjectKey, podSelector: String, scheme: String, port: Int, path: String) {
        self.workload = workload
        self.podSelector = podSelector
        self.scheme = scheme
        self.port = port
        self.path = path
    }

    /// The URL of the metrics at a pod's address; nil if the address is invalid.
    public func url(at address: String) -> String? {
        PodURL.make(address, scheme: scheme, port: port, path: path)
    }
}
