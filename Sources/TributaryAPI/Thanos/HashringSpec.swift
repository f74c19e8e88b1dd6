public import Kube

/// One hashring: receivers that somebody else runs and that are adopted, or receivers that Tributary runs.
public struct HashringSpec: Sendable, Hashable, Codable, PodPlacement {
    public var name: String
    public var soft: Bool?
    public var adopt: AdoptSpec?
    public var replicas: Int?
    public var storage: StorageSpec?
    public var retention: String?
    public var resources: ResourceRequirements?
    public var nodeSelector: [String: String]?
    public var tolerations: [Toleration]?
    public var affinity: JSON?
    public var membership: MembershipSpec?
    public var shuffleSharding: ShuffleShardingSpec?
    public var port: Int?
    public var httpPort: Int?
    public var clusterDomain: String?

    /// Whether this is the ring of every tenant that names none.
    public var isSoft: Bool { soft ?? false }
    /// The port of the receivers' metrics; 0 where they are not to be asked.
    public var effectiveHTTPPort: Int { isManaged ? 10902 : httpPort ?? 10902 }
    /// Whether Tributary runs the receivers.
    public var isManaged: Bool { replicas != nil }
    /// The port for gRPC.
    public var effectivePort: Int { port ?? 10901 }
    /// The cluster's DNS domain; empty where addresses end at `.svc`.
    public var effectiveClusterDomain: String { clusterDomain ?? "cluster.local" }

    private var hasPodFields: Bool {
        retention != nil || resources != nil || nodeSelector != nil || tolerations != nil || affinity != nil
    }

    /// The ports that a receiver has besides that for gRPC: HTTP, Cap'n Proto and remote write.
    private static let otherPorts = [10902, 19391, 19291]

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(adopt, AdoptSpec.rules, at: path.appending("adopt"))
        errors.check(
            membership?.zone, ZoneSpec.rules, at: path.appending("membership").appending("zone"))
    }

    static let rules: [CheckedRule<HashringSpec>] = [
        .exactlyOne(
            of: [.init("adopt") { $0.adopt != nil }, .init("replicas") { $0.replicas != nil }],
            ": receivers are somebody else's, or Tributary runs them"),
        CheckedRule(
            "!has(self.storage) || has(self.replicas)",
            "should be absent without \"replicas\": adopted receivers have storage of their own",
            at: "storage"
        ) { $0.storage == nil || $0.replicas != nil },
        CheckedRule(
            "!has(self.replicas) || !has(self.shuffleSharding) || self.shuffleSharding.shardSize <= self.replicas",
            "should be at most replicas: a tenant cannot use more receivers than there are",
            at: "shuffleSharding.shardSize"
        ) { ring in ring.replicas.map { (ring.shuffleSharding?.shardSize ?? 0) <= $0 } ?? true },
        CheckedRule(
            """
            has(self.replicas) || !(has(self.retention) || has(self.resources) || has(self.nodeSelector) || \
            has(self.tolerations) || has(self.affinity))
            """,
            "should have retention, resources, nodeSelector, tolerations and affinity only with \"replicas\": adopted "
                + "receivers have their own"
        ) { $0.replicas != nil || !$0.hasPodFields },
        CheckedRule(
            "!has(self.replicas) || !has(self.port) || !(self.port in [10902, 19391, 19291])",
            "should be none of 10902, 19391 and 19291: receivers have these for HTTP, Cap'n Proto and remote write",
            at: "port"
        ) { $0.replicas == nil || !otherPorts.contains($0.effectivePort) },
    ]

    static let schema = Schema.object(
        [
            "name": .text(
                "The hashring's name: Tenants name it, and Thanos's metrics carry it.", max: 40,
                pattern: "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"),
            "soft": .boolean(
                """
                Whether the hashring takes every tenant that no other hashring names; at most one can. Defaults to \
                false: a hard hashring, only for the tenants that name it.
                """),
            "adopt": AdoptSpec.schema,
            "replicas": .count(
                """
                How many receivers Tributary runs for this hashring; at least replicationFactor. Receivers that are no \
                longer wanted leave the hashring first, and are removed once every other uses it without them. \
                Excludes adopt.
                """,
                from: 1, to: 1000),
            "storage": StorageSpec.schema(
                """
                The volume of each receiver, with replicas. It is kept when the receiver goes. Defaults to none: an \
                emptyDir, which is lost with its pod.
                """),
            "retention": .duration(
                """
                How long each receiver keeps series on its volume, with replicas. Defaults to 1d with objectStorage, \
                which leaves time to upload them, and to 15d without.
                """),
            "resources": ResourceRequirements.schema(
                """
                What each receiver asks for, with replicas. Defaults to requests of 100m CPU and 512Mi memory, without \
                limits.
                """),
            "nodeSelector": .strings(
                "The labels of the nodes that the receivers may run on, with replicas.", length: 63),
            "tolerations": .list(
                of: Toleration.schema(), max: 50, "The taints that the receivers put up with, with replicas."),
            "affinity": .anyObject(
                """
                The receivers' affinity, as in a pod, with replicas. Defaults to none; receivers are spread over zones \
                and nodes as far as these allow.
                """),
            "membership": MembershipSpec.schema,
            "shuffleSharding": ShuffleShardingSpec.schema,
            "port": .count(
                "The gRPC port of the receivers, as their addresses have it. Defaults to 10901.", from: 1, to: 65535),
            "httpPort": .count(
                """
                The HTTP port at which adopted receivers export metrics; Tributary asks there which hashring file they \
                have, after the file has changed. 0 asks nobody. Defaults to 10902.
                """, to: 65535),
            "clusterDomain": .string(
                """
                The cluster's DNS domain, as receivers' addresses have it; empty ends them at .svc. Must agree with \
                the receivers' --receive.local-endpoint. Defaults to cluster.local.
                """
            ).with {
                $0.maxLength = 253
                $0.pattern = #"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$"#
            },
        ], required: ["name"], description: "A hashring. Exactly one of adopt and replicas."
    ).with(rules: rules)
}
