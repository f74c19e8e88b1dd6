public import Kube

/// A hashring, either of adopted receivers, which others run, or of receivers that Tributary runs.
public struct HashringSpec: Sendable, Hashable, Codable, PodPlacement {
    /// The name of the hashring.
    public var name: String
    /// Whether the hashring is the soft one, which takes every tenant that refers to no hashring.
    public var soft: Bool?
    /// Adopts receivers of StatefulSets that others manage.
    public var adopt: AdoptSpec?
    /// The number of receivers that Tributary runs for this hashring, at least replicationFactor.
    public var replicas: Int?
    /// Leaves the number of receivers that Tributary runs to somebody else, such as an autoscaler.
    public var externalScaling: ExternalScalingSpec?
    /// The volume of each receiver, which is kept when the receiver is removed.
    public var storage: StorageSpec?
    /// How long each receiver keeps series on its volume.
    public var retention: String?
    /// The compute resources of each receiver.
    public var resources: ResourceRequirements?
    /// The labels that a node must have for receivers to run on it.
    public var nodeSelector: [String: String]?
    /// The tolerations of the receivers.
    public var tolerations: [Toleration]?
    /// The affinity of the receivers, as in a pod.
    public var affinity: JSON?
    /// How pods are spread over zones and nodes.
    public var topologySpreadConstraints: [JSON]?
    /// The priority class of the pods.
    public var priorityClassName: String?
    /// Labels and annotations of the pods.
    public var podMetadata: PodMetadata?
    /// When receivers join and leave the hashring.
    public var membership: MembershipSpec?
    /// Assigns each tenant a fixed subset of the receivers of the hashring.
    public var shuffleSharding: ShuffleShardingSpec?
    /// The gRPC port in the addresses of the receivers.
    public var port: Int?
    /// The HTTP port at which adopted receivers serve metrics.
    public var httpPort: Int?
    /// The DNS domain of the cluster in the addresses of the receivers.
    public var clusterDomain: String?

    /// Whether this is the soft hashring, which takes every tenant that refers to no hashring.
    public var isSoft: Bool { soft ?? false }
    /// The port at which receivers serve metrics; 0 if Tributary does not read them.
    public var effectiveHTTPPort: Int { isManaged ? 10902 : httpPort ?? 10902 }
    /// Whether Tributary runs the receivers.
    public var isManaged: Bool { replicas != nil || externalScaling != nil }
    /// The smallest number of receivers that Tributary runs; nil if others run them.
    var fewestReplicas: Int? { replicas ?? externalScaling?.minReplicas }
    /// The gRPC port of the receivers.
    public var effectivePort: Int { port ?? 10901 }
    /// The DNS domain of the cluster; empty if addresses end in `.svc`.
    public var effectiveClusterDomain: String { clusterDomain ?? "cluster.local" }

    private var hasPodFields: Bool {
        let placement: [Any?] = [
            nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName, podMetadata,
        ]
        return retention != nil || resources != nil || placement.contains { $0 != nil }
    }

    /// The other ports of a receiver: HTTP, Cap'n Proto and remote write.
    private static let otherPorts = [10902, 19391, 19291]

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(adopt, AdoptSpec.rules, at: path.appending("adopt"))
        errors.check(
            adopt?.selector, LabelSelector.rules, at: path.appending("adopt").appending("selector"))
        errors.check(
            membership?.zone, ZoneSpec.rules, at: path.appending("membership").appending("zone"))
    }

    static let rules: [CheckedRule<HashringSpec>] = [
        .exactlyOne(
            of: [
                .init("adopt") { $0.adopt != nil }, .init("replicas") { $0.replicas != nil },
                .init("externalScaling") { $0.externalScaling != nil },
            ],
            ": either others manage the receivers or Tributary does"),
        CheckedRule(
            "!has(self.storage) || !has(self.adopt)",
            "requires \"replicas\": adopted receivers have storage of their own",
            at: "storage"
        ) { $0.storage == nil || $0.adopt == nil },
        CheckedRule(
            "!has(self.replicas) || !has(self.shuffleSharding) || self.shuffleSharding.shardSize <= self.replicas",
            "should be at most replicas: a tenant cannot use more receivers than the hashring has",
            at: "shuffleSharding.shardSize"
        ) { ring in ring.replicas.map { (ring.shuffleSharding?.shardSize ?? 0) <= $0 } ?? true },
        CheckedRule(
            """
            !has(self.externalScaling) || !has(self.shuffleSharding) || \
            self.shuffleSharding.shardSize <= self.externalScaling.minReplicas
            """,
            "should be at most externalScaling.minReplicas: a tenant cannot use more receivers than the hashring has",
            at: "shuffleSharding.shardSize"
        ) { ring in ring.externalScaling.map { (ring.shuffleSharding?.shardSize ?? 0) <= $0.minReplicas } ?? true },
        CheckedRule(
            """
            !has(self.adopt) || !(has(self.retention) || has(self.resources) || has(self.nodeSelector) || \
            has(self.tolerations) || has(self.affinity) || has(self.topologySpreadConstraints) || \
            has(self.priorityClassName) || has(self.podMetadata))
            """,
            "should have retention, resources and the fields of pods only without \"adopt\": adopted receivers have "
                + "their own"
        ) { $0.adopt == nil || !$0.hasPodFields },
        CheckedRule(
            "has(self.adopt) || !has(self.port) || !(self.port in \(otherPorts))",
            "should not be 10902, 19391 or 19291: receivers use these for HTTP, Cap'n Proto and remote write",
            at: "port"
        ) { $0.adopt != nil || !otherPorts.contains($0.effectivePort) },
    ]

    static let schema = Schema.object(
        [
            "name": .text(
                "The name of the hashring. Tenants refer to it, and metrics of Thanos carry it.", max: 40,
                pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"),
            "soft": .boolean(
                """
                Whether the hashring is the soft one, which takes every tenant that refers to no hashring. At \
                most one hashring can be soft. Defaults to false: a hard hashring, which takes only the tenants \
                that refer to it.
                """),
            "adopt": AdoptSpec.schema,
            "replicas": .count(
                """
                The number of receivers that Tributary runs for this hashring, at least replicationFactor. When \
                it is reduced, receivers first leave the hashring, and are removed once all others use it \
                without them. Excludes adopt and externalScaling.
                """,
                from: 1, to: 1000),
            "externalScaling": ExternalScalingSpec.schema,
            "storage": StorageSpec.schema(
                """
                The volume of each receiver, which is kept when the receiver is removed. Excludes adopt. \
                Defaults to an emptyDir, which is lost with its pod.
                """),
            "retention": .duration(
                """
                How long each receiver keeps series on its volume. Excludes adopt. Defaults to 1d with \
                objectStorage, which leaves time for uploads, or 15d without.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of each receiver. Excludes adopt. Defaults to requests of 100m CPU and \
                512Mi memory, without limits.
                """),
            "membership": MembershipSpec.schema,
            "shuffleSharding": ShuffleShardingSpec.schema,
            "port": .count(
                "The gRPC port in the addresses of the receivers. Defaults to 10901.", from: 1, to: 65535),
            "httpPort": .count(
                """
                The HTTP port at which adopted receivers serve metrics. After the hashring file changes, \
                Tributary reads there which file each receiver uses; 0 turns this off. Defaults to 10902.
                """, to: 65535),
            "clusterDomain": .string(
                """
                The DNS domain of the cluster in the addresses of the receivers. If empty, addresses end in \
                .svc. Must agree with --receive.local-endpoint of the receivers. Defaults to what that of adopted \
                receivers says, else to cluster.local.
                """
            ).with {
                $0.maxLength = 253
                $0.pattern = #"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$"#
            },
        ], and: PodPlacementFields.properties(of: "the receivers", " Excludes adopt."), required: ["name"],
        description: "A hashring. Exactly one of adopt, replicas and externalScaling is required."
    ).with(rules: rules)
}
