import Kube

/// Thanos Receive behind a global view: hashrings, and where they are read.
public struct ThanosSpec: Sendable, Hashable, Codable {
    public var version: String?
    public var image: String?
    public var replicationFactor: Int?
    public var replicationProtocol: String?
    public var algorithm: String?
    public var refreshInterval: String?
    public var hashrings: [HashringSpec]?
    public var configMapName: String?
    public var annotatePods: Bool?
    public var limits: ReceiveLimitsSpec?
    public var limitsConfigMapName: String?
    public var writeURL: String?
    public var router: RouterSpec?
    public var query: ThanosQuerySpec?
    public var objectStorage: ObjectStorageSpec?

    /// To how many receivers each sample goes; Thanos's own default is 1.
    public var effectiveReplicationFactor: Int { replicationFactor ?? 1 }
    /// What receivers forward samples to each other by: `protobuf` or `capnproto`.
    public var effectiveReplicationProtocol: String { replicationProtocol ?? "protobuf" }
    /// How often receivers look for a new hashring file, as a duration of Prometheus.
    public var effectiveRefreshInterval: String { refreshInterval ?? "5s" }
    /// Whether Tributary runs routers: asked to, or since it runs receivers.
    public var hasRouter: Bool { router != nil || (hashrings ?? []).contains(where: \.isManaged) }
    /// How many Thanos Query pods Tributary runs; 0 where somebody else's is used, or none.
    public var queryReplicas: Int { query?.url == nil ? query?.replicas ?? 0 : 0 }
    /// How series are spread over a ring's receivers.
    public var effectiveAlgorithm: String { algorithm ?? "ketama" }

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        limits?.validate(at: path.appending("limits"), &errors)
        for (index, ring) in (hashrings ?? []).enumerated() {
            ring.validate(at: path.appending("hashrings").appending(index), &errors)
        }
    }

    private var softRings: [HashringSpec] { (hashrings ?? []).filter(\.isSoft) }
    private var zonedRings: [HashringSpec] { (hashrings ?? []).filter { $0.membership?.zone != nil } }
    private var shardedRings: [HashringSpec] { (hashrings ?? []).filter { $0.shuffleSharding != nil } }
    private var shortRings: [HashringSpec] {
        (hashrings ?? []).filter { ring in ring.replicas.map { $0 < effectiveReplicationFactor } ?? false }
    }

    static let rules: [CheckedRule<ThanosSpec>] = [
        CheckedRule(
            "!has(self.hashrings) || self.hashrings.filter(h, \(isSoft)).size() <= 1",
            "at most one hashring should be soft: it takes every tenant that names none", at: "hashrings"
        ) { $0.softRings.count <= 1 },
        CheckedRule(
            "!has(self.hashrings) || !self.hashrings.exists(h, \(isShort))",
            "each hashring should have at least as many replicas as replicationFactor says", at: "hashrings"
        ) { $0.shortRings.isEmpty },
        CheckedRule(
            """
            !has(self.algorithm) || self.algorithm != 'hashmod' || !has(self.hashrings) || \
            !self.hashrings.exists(h, \(isZoned))
            """,
            "a hashring with zones needs the algorithm ketama: receivers end when it is hashmod",
            at: "hashrings"
        ) { $0.algorithm != "hashmod" || $0.zonedRings.isEmpty },
        CheckedRule(
            """
            !has(self.algorithm) || self.algorithm != 'hashmod' || !has(self.hashrings) || \
            !self.hashrings.exists(h, has(h.shuffleSharding))
            """,
            "a hashring with shuffleSharding needs the algorithm ketama: receivers end when it is hashmod",
            at: "hashrings"
        ) { $0.algorithm != "hashmod" || $0.shardedRings.isEmpty },
    ]

    private static let isSoft = "has(h.soft) && h.soft"
    private static let isZoned = "has(h.membership) && has(h.membership.zone)"
    private static let isShort =
        "has(h.replicas) && h.replicas < (has(self.replicationFactor) ? self.replicationFactor : 1)"

    static let schema = Schema.object(
        [
            "version": .version("Thanos's version. Defaults to v0.41.0."),
            "image": .image("Thanos's image. Defaults to quay.io/thanos/thanos with the version as its tag."),
            "replicationFactor": .count(
                """
                To how many receivers of its hashring each sample goes. Must be what the receivers' \
                --receive.replication-factor says. Defaults to 1.
                """, from: 1, to: 15),
            "replicationProtocol": .choice(
                """
                What samples are forwarded by from receiver to receiver: protobuf is gRPC, capnproto is Cap'n Proto, \
                which takes less CPU. Must be what adopted receivers' --receive.replication-protocol says. Defaults to \
                protobuf.
                """, ["protobuf", "capnproto"]),
            "algorithm": .choice(
                """
                How series are spread over a hashring's receivers: ketama moves few of them when a receiver comes or \
                goes, hashmod nearly all. Written into each ring of the file, where it overrides the receivers' \
                --receive.hashrings-algorithm. Defaults to ketama.
                """, ["ketama", "hashmod"]),
            "refreshInterval": .duration(
                """
                How often receivers and routers look for a new hashring file; Kubernetes itself takes up to a minute \
                or two to bring it to them. Defaults to 5s.
                """),
            "hashrings": .list(
                of: HashringSpec.schema, by: "name", max: 64,
                """
                The hashrings, in the order in which Thanos tries them: first those with whole ids, then those with \
                patterns, and the soft one last, since Thanos looks no further once one fits. A hard ring is published \
                once a tenant names it.
                """),
            "configMapName": .objectName(
                """
                The ConfigMap that the hashring file is published in, under the key hashrings.json; receivers mount \
                it. Defaults to the GlobalView's name followed by -hashrings.
                """),
            "annotatePods": .boolean(
                """
                Whether pods of the hashrings that mount the file get the annotation tributary.dev/hashring-hash after \
                each change of it, so that their kubelet brings it at once and not within a minute or two. Needs the \
                permission to patch pods. Defaults to false.
                """),
            "limits": ReceiveLimitsSpec.schema,
            "limitsConfigMapName": .objectName(
                """
                The ConfigMap that the limits file is published in, under the key limits.yaml; routers mount it. \
                Defaults to the GlobalView's name followed by -receive-limits.
                """),
            "writeURL": .url(
                """
                Where agents write: a Service or an Ingress in front of the receivers, such as \
                http://thanos-receive.observability.svc:19291/api/v1/receive. Agents and tenants learn it from here. \
                Defaults to the routers' Service, the GlobalView's name followed by -receive, where there are routers.
                """),
            "router": RouterSpec.schema,
            "query": ThanosQuerySpec.schema,
            "objectStorage": ObjectStorageSpec.schema,
        ], description: "Thanos Receive: hashrings whose file follows the receivers, and the tenants on them."
    ).with(rules: rules)
}
