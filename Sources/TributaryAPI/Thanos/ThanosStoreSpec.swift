public import Kube

/// The Store Gateways, which serve the blocks in the object storage.
public struct ThanosStoreSpec: Sendable, Hashable, Codable, PodPlacement {
    /// The number of pods of each shard.
    public var replicas: Int?
    /// The ages at which blocks pass from one shard to the next.
    public var splitByAge: [String]?
    /// How far each shard but the oldest reaches into the next older one.
    public var overlap: String?
    /// The number of shards that the blocks of each range of ages are divided into.
    public var hashShards: Int?
    /// The cache of parts of indexes.
    public var indexCache: CacheSpec?
    /// The cache of chunks and of metadata of blocks.
    public var bucketCache: CacheSpec?
    /// The volume of each pod.
    public var storage: StorageSpec?
    /// The compute resources of each pod.
    public var resources: ResourceRequirements?
    /// The labels that a node must have for pods to run on it.
    public var nodeSelector: [String: String]?
    /// The tolerations of the pods.
    public var tolerations: [Toleration]?
    /// The affinity of the pods, as in a pod.
    public var affinity: JSON?
    /// How pods are spread over zones and nodes.
    public var topologySpreadConstraints: [JSON]?
    /// The priority class of the pods.
    public var priorityClassName: String?
    /// Labels and annotations of the pods.
    public var podMetadata: PodMetadata?

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(indexCache, CacheSpec.rules, at: path.appending("indexCache"))
        errors.check(bucketCache, CacheSpec.rules, at: path.appending("bucketCache"))
    }

    static let schema = Schema.object(
        [
            "replicas": .count("The number of pods of each shard. Defaults to 1.", from: 1, to: 100),
            "splitByAge": .set(
                of: .duration("An age, such as 6w."), max: 8,
                """
                The ages at which blocks pass from one shard to the next: [6w, 26w] makes three shards, for blocks \
                of up to 6 weeks, up to 26 weeks, and older ones. The order does not matter. Defaults to one shard \
                for blocks of all ages.
                """),
            "overlap": .duration(
                """
                How far each shard but the oldest reaches into the next older one, so that both serve the blocks \
                around an age in splitByAge. Defaults to 2w.
                """),
            "hashShards": .count(
                """
                The number of shards that the blocks of each range of ages are divided into, by a hash of the id \
                of the block. Defaults to 1.
                """, from: 1, to: 32),
            "indexCache": CacheSpec.schema(
                "The cache of parts of indexes. Defaults to one of 250Mi in the memory of each pod."),
            "bucketCache": CacheSpec.schema(
                "The cache of chunks and of metadata of blocks. Defaults to none."),
            "storage": StorageSpec.schema(
                """
                The volume of each pod, with the headers of indexes. It can be lost: a pod makes them anew. \
                Defaults to an emptyDir.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of each pod. Defaults to requests of 100m CPU and 512Mi memory, without \
                limits.
                """),
        ],
        and: PodPlacementFields.properties(),
        description: """
            The Store Gateways, which serve the blocks in the object storage. Requires objectStorage. Thanos Query \
            finds them by DNS. Defaults to none: only the receivers are queried.
            """)
}
