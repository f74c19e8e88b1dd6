public import Kube

/// Labels and annotations for pods.
public struct PodMetadata: Sendable, Hashable, Codable {
    public var labels: [String: String]?
    public var annotations: [String: String]?

    static let schema = Schema.object(
        [
            "labels": .strings("Labels for the pods, besides Tributary's own, which stand first.", length: 63),
            "annotations": .strings("Annotations for the pods.", length: 16384),
        ], description: "Labels and annotations for the pods.")
}
