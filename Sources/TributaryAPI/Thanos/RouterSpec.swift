public import Kube

/// The routers in front of a global view's receivers: they take what agents write, and forward it by the hashring file.
public struct RouterSpec: Sendable, Hashable, Codable, PodPlacement {
    public var replicas: Int?
    public var resources: ResourceRequirements?
    public var nodeSelector: [String: String]?
    public var tolerations: [Toleration]?
    public var affinity: JSON?

    static let schema = Schema.object(
        [
            "replicas": .count("How many router pods run. Defaults to 2.", from: 1, to: 100),
            "resources": ResourceRequirements.schema(
                "What the pods ask for. Defaults to requests of 100m CPU and 128Mi memory, without limits."),
            "nodeSelector": .strings("The labels of the nodes that pods may run on.", length: 63),
            "tolerations": .list(of: Toleration.schema(), max: 50, "The taints that pods put up with."),
            "affinity": .anyObject(
                "The pods' affinity, as in a pod. Defaults to none; routers are spread over zones and nodes."),
        ],
        description: """
            The routers: stateless Thanos receivers that take what agents write and forward it by the hashring file. \
            Defaults to two of them where a hashring has replicas, and to none where all are adopted.
            """)
}
