public import Kube

/// The Compactor, which merges the blocks in the object storage, downsamples them, and removes old ones.
public struct ThanosCompactorSpec: Sendable, Hashable, Codable, PodPlacement {
    /// How long samples are kept, for each resolution.
    public var retention: CompactorRetentionSpec?
    /// Whether to make samples of lower resolutions.
    public var downsampling: Bool?
    /// How long after a block has been replaced or has expired it is deleted.
    public var deleteDelay: String?
    /// Whether to merge the copies that several receivers have of the same samples.
    public var deduplicate: Bool?
    /// The number of groups of blocks that are compacted at the same time.
    public var concurrency: Int?
    /// The volume on which blocks are compacted.
    public var storage: StorageSpec?
    /// The compute resources of the pod.
    public var resources: ResourceRequirements?
    /// The labels that a node must have for the pod to run on it.
    public var nodeSelector: [String: String]?
    /// The tolerations of the pod.
    public var tolerations: [Toleration]?
    /// The affinity of the pod.
    public var affinity: JSON?
    /// How pods are spread over zones and nodes.
    public var topologySpreadConstraints: [JSON]?
    /// The priority class of the pods.
    public var priorityClassName: String?
    /// Labels and annotations of the pods.
    public var podMetadata: PodMetadata?

    /// How long after a block has been replaced or has expired it is deleted. Defaults to `48h`, as in Thanos.
    public var effectiveDeleteDelay: String { deleteDelay ?? "48h" }

    /// Thanos makes samples of 5 minutes from blocks that are 40 hours old, and exits if those are gone before.
    private static let leastRaw: Int64 = 40 * 3_600_000
    /// The same for samples of an hour.
    private static let leastFiveMinutes: Int64 = 10 * 86_400_000

    /// Why Thanos would exit with these retentions; nil if it would not.
    public var retentionProblem: FieldError? {
        guard downsampling ?? true else { return nil }
        func isShort(_ text: String?, _ least: Int64) -> Bool {
            guard let time = text.flatMap({ DurationText.milliseconds($0) }) else { return false }
            return time > 0 && time < least
        }
        if isShort(retention?.raw, Self.leastRaw) {
            return FieldError(
                FieldPath("retention.raw"),
                "found \"\(retention?.raw ?? "")\", should be at least 40h or 0d: samples of 5 minutes are made after "
                    + "40h; or set downsampling to false")
        }
        if isShort(retention?.fiveMinutes, Self.leastFiveMinutes) {
            return FieldError(
                FieldPath("retention.fiveMinutes"),
                "found \"\(retention?.fiveMinutes ?? "")\", should be at least 10d or 0d: samples of an hour are made "
                    + "after 10d; or set downsampling to false")
        }
        return nil
    }

    static let schema = Schema.object(
        [
            "retention": CompactorRetentionSpec.schema,
            "downsampling": .boolean(
                """
                Whether to make samples of 5 minutes and of an hour, without which queries over months read \
                everything. Defaults to true.
                """),
            "deleteDelay": .duration(
                """
                How long after a block has been replaced or has expired it is deleted. Store Gateways no longer \
                serve it after half of this time. Defaults to 48h.
                """),
            "deduplicate": .boolean(
                """
                Whether to merge the copies that receivers have of the same samples into one. This cannot be \
                undone. Takes effect with a replicationFactor of more than 1. Defaults to false: all copies are \
                kept, and Thanos Query deduplicates them.
                """),
            "concurrency": .count(
                "The number of groups of blocks that are compacted at the same time. Defaults to 1.", from: 1, to: 64),
            "storage": StorageSpec.schema(
                """
                The volume on which blocks are compacted: space for the largest group of blocks, some hundred \
                gigabytes for large tenants. It can be lost. Defaults to an emptyDir.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the pod. Defaults to requests of 100m CPU and 512Mi memory, without \
                limits.
                """),
        ],
        and: PodPlacementFields.properties(of: "the pod"),
        description: """
            The Compactor, which merges the blocks in the object storage, downsamples them, and removes old ones. \
            Exactly one may work on an object storage. Requires objectStorage. Defaults to none: blocks stay as \
            they are for ever.
            """)
}

/// How long samples are kept in the object storage, for each resolution.
public struct CompactorRetentionSpec: Sendable, Hashable, Codable {
    /// How long samples as they were sent are kept.
    public var raw: String?
    /// How long samples of 5 minutes are kept.
    public var fiveMinutes: String?
    /// How long samples of an hour are kept.
    public var oneHour: String?

    static let schema = Schema.object(
        [
            "raw": .duration(
                "How long samples as they were sent are kept, at least 40h with downsampling. Defaults to 0d: for ever."
            ),
            "fiveMinutes": .duration(
                "How long samples of 5 minutes are kept, at least 10d with downsampling. Defaults to 0d: for ever."),
            "oneHour": .duration("How long samples of an hour are kept. Defaults to 0d: for ever."),
        ], description: "How long samples are kept, for each resolution.")
}
