public import Kube

/// Where pods may run: fields of `core/v1` PodSpec.
public protocol PodPlacement {
    /// The labels that a node must have for pods to run on it.
    var nodeSelector: [String: String]? { get }
    /// The tolerations of the pods.
    var tolerations: [Toleration]? { get }
    /// The affinity of the pods.
    var affinity: JSON? { get }
}
