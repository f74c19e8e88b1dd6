public import Kube

/// Where pods may run, and what they carry: fields of `core/v1` PodSpec, and the labels and annotations of the pods.
public protocol PodPlacement {
    /// The labels that a node must have for pods to run on it.
    var nodeSelector: [String: String]? { get }
    /// The tolerations of the pods.
    var tolerations: [Toleration]? { get }
    /// The affinity of the pods.
    var affinity: JSON? { get }
    /// How pods are spread over zones and nodes.
    var topologySpreadConstraints: [JSON]? { get }
    /// The priority class of the pods.
    var priorityClassName: String? { get }
    /// Labels and annotations of the pods.
    var podMetadata: PodMetadata? { get }
}

/// The schemas of the fields.
enum PodPlacementFields {
    /// The fields, with the pods in words. `condition` is what they require, as a sentence with a space before it.
    static func properties(of pods: String = "the pods", _ condition: String = "") -> Schema.Properties {
        [
            "nodeSelector": .strings(
                "The labels that a node must have for \(pods) to run on it.\(condition)", length: 63),
            "tolerations": .list(of: Toleration.schema(), max: 50, "The tolerations of \(pods).\(condition)"),
            "affinity": .anyObject(
                """
                The affinity of \(pods), as in a pod.\(condition) Defaults to none; they are spread over zones and nodes \
                where possible.
                """),
            "topologySpreadConstraints": .list(
                of: .anyObject("A topology spread constraint, as in a pod."), max: 20,
                """
                How \(pods) are spread over zones and nodes.\(condition) Defaults to evenly over both, where possible.
                """),
            "priorityClassName": .objectName("The priority class of \(pods).\(condition)"),
            "podMetadata": PodMetadata.schema,
        ]
    }
}
