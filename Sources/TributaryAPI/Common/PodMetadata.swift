import Kube

/// Labels and annotations of pods: prometheus-operator's EmbeddedObjectMetadata without a name.
public struct PodMetadata: Sendable, Hashable, Codable {
    /// Labels of the pods.
    public var labels: [String: String]?
    /// Annotations of the pods.
    public var annotations: [String: String]?

    static let schema = Schema.object(
        [
            "labels": .strings("Labels of the pods. Labels that Tributary sets take precedence.", length: 63),
            "annotations": .strings("Annotations of the pods.", length: 16384),
        ], description: "Labels and annotations of the pods.")
}
