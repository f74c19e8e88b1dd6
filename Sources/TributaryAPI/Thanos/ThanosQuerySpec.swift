public import Kube

/// Where tenants are read from: Thanos Query.
public struct ThanosQuerySpec: Sendable, Hashable, Codable, PodPlacement {
    /// The query API to which the read proxies of tenants forward, if others run it.
    public var url: String?
    /// The number of Thanos Query pods that Tributary runs if url is absent.
    public var replicas: Int?
    /// The compute resources of the Thanos Query container.
    public var resources: ResourceRequirements?
    /// Endpoints from which Thanos Query reads in addition to the receivers.
    public var endpoints: [String]?
    /// The labels that a node must have for the pods to run on it.
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

    private var hasPlacement: Bool {
        let placement: [Any?] = [
            nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName, podMetadata,
        ]
        return placement.contains { $0 != nil }
    }

    static let rules: [CheckedRule<ThanosQuerySpec>] = [
        CheckedRule(
            """
            (has(self.replicas) && self.replicas > 0 && !has(self.url)) || !(has(self.nodeSelector) || \
            has(self.tolerations) || has(self.affinity) || has(self.topologySpreadConstraints) || \
            has(self.priorityClassName) || has(self.podMetadata))
            """,
            "should have the fields of pods only with \"replicas\" and without \"url\": otherwise others run Thanos Query"
        ) { ($0.replicas ?? 0 > 0 && $0.url == nil) || !$0.hasPlacement }
    ]

    static let schema = Schema.object(
        [
            "url": .url(
                """
                The query API to which the read proxies of tenants forward, such as \
                http://thanos-query.observability.svc:9090: a Thanos Query or Query Frontend that others run.
                """),
            "replicas": .count(
                """
                The number of Thanos Query pods that Tributary runs if url is absent. They read from the \
                receivers of all hashrings. With a gateway, as many more serve tenants and find only the series \
                of the tenant that reads. Defaults to 0.
                """,
                to: 100),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the Thanos Query container. Takes effect with replicas. Defaults to \
                requests of 100m CPU and 256Mi memory, without limits.
                """),
            "endpoints": .set(
                of: .text("An address for --endpoint.", pattern: #"^\S+$"#), max: 64,
                """
                Endpoints from which Thanos Query reads in addition to the receivers, such as the Store Gateway \
                dnssrv+_grpc._tcp.thanos-store.observability.svc.cluster.local. Takes effect with replicas.
                """),
        ], and: PodPlacementFields.properties(of: "the pods", " Requires replicas."),
        description: "Where tenants are read from."
    ).with(rules: rules)
}
