public import Kube

/// Where pods run, with the field names of `core/v1` PodSpec.
public protocol PodPlacement {
    /// The labels of the nodes that pods may run on.
    var nodeSelector: [String: String]? { get }
    /// The taints that pods put up with.
    var tolerations: [Toleration]? { get }
    /// The pods' affinity, as in a pod.
    var affinity: JSON? { get }
}
