public import Kube

/// The routers, which accept writes from agents and forward them according to the hashring file.
public struct RouterSpec: Sendable, Hashable, Codable, PodPlacement {
    /// The number of router pods.
    public var replicas: Int?
    /// The compute resources of the router container.
    public var resources: ResourceRequirements?
    /// The labels that a node must have for routers to run on it.
    public var nodeSelector: [String: String]?
    /// The tolerations of the routers.
    public var tolerations: [Toleration]?
    /// The affinity of the routers, as in a pod.
    public var affinity: JSON?
    /// How pods are spread over zones and nodes.
    public var topologySpreadConstraints: [JSON]?
    /// The priority class of the pods.
    public var priorityClassName: String?
    /// Labels and annotations of the pods.
    public var podMetadata: PodMetadata?

    static let schema = Schema.object(
        [
            "replicas": .count("The number of router pods. Defaults to 2.", from: 1, to: 100),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the router container. Defaults to requests of 100m CPU and 128Mi \
                memory, without limits.
                """),
        ],
        and: PodPlacementFields.properties(of: "the routers"),
        description: """
            The routers: stateless Thanos receivers that accept writes from agents and forward them \
            according to the hashring file. Defaults to two routers if a hashring has replicas, none if all \
            are adopted.
            """)
}
