import Kube

/// Thanos Receive: hashrings of receivers, and Thanos Query to read from them.
public struct ThanosSpec: Sendable, Hashable, Codable {
    /// The version of Thanos.
    public var version: String?
    /// The image of Thanos.
    public var image: String?
    /// The number of receivers that store each sample.
    public var replicationFactor: Int?
    /// The protocol by which receivers forward samples to each other: protobuf or capnproto.
    public var replicationProtocol: String?
    /// How series are distributed over the receivers of a hashring.
    public var algorithm: String?
    /// How often receivers and routers check for a new hashring file.
    public var refreshInterval: String?
    /// The hashrings.
    public var hashrings: [HashringSpec]?
    /// The ConfigMap in which the hashring file is published, under the key hashrings.json.
    public var configMapName: String?
    /// Whether to annotate pods that mount the hashring file after each change of it.
    public var annotatePods: Bool?
    /// Write limits, published in the ConfigMap that routers read with --receive.limits-config-file.
    public var limits: ReceiveLimitsSpec?
    /// The ConfigMap in which the limits file is published, under the key limits.yaml.
    public var limitsConfigMapName: String?
    /// The URL that agents write to: a Service or an Ingress in front of the receivers.
    public var writeURL: String?
    /// The routers, which accept writes from agents and forward them to the receivers.
    public var router: RouterSpec?
    /// Where tenants are read from.
    public var query: ThanosQuerySpec?
    /// The object storage to which receivers upload.
    public var objectStorage: ObjectStorageSpec?
    /// The Store Gateways, which serve the blocks in the object storage.
    public var store: ThanosStoreSpec?
    /// The Compactor of the object storage.
    public var compactor: ThanosCompactorSpec?
    /// The Query Frontend in front of Thanos Query.
    public var queryFrontend: ThanosQueryFrontendSpec?
    /// How old samples may be that receivers take although they have newer ones of the same series.
    public var outOfOrderTimeWindow: String?
    /// TLS between the parts of Thanos.
    public var tls: ThanosTLSSpec?

    /// The number of receivers that store each sample. Defaults to 1, as in Thanos.
    public var effectiveReplicationFactor: Int { replicationFactor ?? 1 }
    /// The protocol by which receivers forward samples to each other. Defaults to `protobuf`.
    public var effectiveReplicationProtocol: String { replicationProtocol ?? "protobuf" }
    /// How often receivers check for a new hashring file, as a Prometheus duration. Defaults to `5s`.
    public var effectiveRefreshInterval: String { refreshInterval ?? "5s" }
    /// Whether Tributary runs routers. Defaults to true if it runs receivers.
    public var hasRouter: Bool { router != nil || (hashrings ?? []).contains(where: \.isManaged) }
    /// The number of Thanos Query pods that Tributary runs; 0 if `query.url` names one that others run.
    public var queryReplicas: Int { query?.url == nil ? query?.replicas ?? 0 : 0 }
    /// The algorithm that distributes series over the receivers of a hashring. Defaults to `ketama`.
    public var effectiveAlgorithm: String { algorithm ?? "ketama" }

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        limits?.checkRules(at: path.appending("limits"), &errors)
        errors.check(query, ThanosQuerySpec.rules, at: path.appending("query"))
        tls?.checkRules(at: path.appending("tls"), &errors)
        store?.checkRules(at: path.appending("store"), &errors)
        queryFrontend?.checkRules(at: path.appending("queryFrontend"), &errors)
        for (index, ring) in (hashrings ?? []).enumerated() {
            ring.checkRules(at: path.appending("hashrings").appending(index), &errors)
        }
    }

    private var softRings: [HashringSpec] { (hashrings ?? []).filter(\.isSoft) }
    private var zonedRings: [HashringSpec] { (hashrings ?? []).filter { $0.membership?.zone != nil } }
    private var shardedRings: [HashringSpec] { (hashrings ?? []).filter { $0.shuffleSharding != nil } }
    private var shortRings: [HashringSpec] {
        (hashrings ?? []).filter { ring in ring.fewestReplicas.map { $0 < effectiveReplicationFactor } ?? false }
    }

    static let rules: [CheckedRule<ThanosSpec>] = [
        CheckedRule(
            "!has(self.hashrings) || self.hashrings.filter(h, \(isSoft)).size() <= 1",
            "at most one hashring should be soft: it takes every tenant that refers to no hashring", at: "hashrings"
        ) { $0.softRings.count <= 1 },
        CheckedRule(
            "!has(self.hashrings) || !self.hashrings.exists(h, \(isShort))",
            "each hashring should have at least as many replicas as replicationFactor", at: "hashrings"
        ) { $0.shortRings.isEmpty },
        CheckedRule(
            """
            !has(self.algorithm) || self.algorithm != 'hashmod' || !has(self.hashrings) || \
            !self.hashrings.exists(h, \(isZoned))
            """,
            "a hashring with zones requires the algorithm ketama: receivers crash if it is hashmod",
            at: "hashrings"
        ) { $0.algorithm != "hashmod" || $0.zonedRings.isEmpty },
        CheckedRule(
            """
            !has(self.algorithm) || self.algorithm != 'hashmod' || !has(self.hashrings) || \
            !self.hashrings.exists(h, has(h.shuffleSharding))
            """,
            "a hashring with shuffleSharding requires the algorithm ketama: receivers crash if it is hashmod",
            at: "hashrings"
        ) { $0.algorithm != "hashmod" || $0.shardedRings.isEmpty },
        CheckedRule(
            "!has(self.tls) || !has(self.replicationProtocol) || self.replicationProtocol != 'capnproto'",
            "should be protobuf with \"tls\": receivers forward by Cap'n Proto without TLS", at: "replicationProtocol"
        ) { $0.tls == nil || $0.replicationProtocol != "capnproto" },
        CheckedRule(
            "!has(self.store) || has(self.objectStorage)", "requires \"objectStorage\", whose blocks it serves",
            at: "store"
        ) { $0.store == nil || $0.objectStorage != nil },
        CheckedRule(
            "!has(self.compactor) || has(self.objectStorage)", "requires \"objectStorage\", whose blocks it compacts",
            at: "compactor"
        ) { $0.compactor == nil || $0.objectStorage != nil },
        CheckedRule(
            """
            !has(self.queryFrontend) || (has(self.query) && !has(self.query.url) && has(self.query.replicas) && \
            self.query.replicas > 0)
            """,
            "requires \"query.replicas\" and no \"query.url\": it stands in front of the Thanos Query that Tributary runs",
            at: "queryFrontend"
        ) { $0.queryFrontend == nil || $0.queryReplicas > 0 },
    ]

    private static let isSoft = "has(h.soft) && h.soft"
    private static let isZoned = "has(h.membership) && has(h.membership.zone)"
    private static let isShort = """
        (has(h.replicas) ? h.replicas : has(h.externalScaling) ? h.externalScaling.minReplicas : 1000) < \
        (has(self.replicationFactor) ? self.replicationFactor : 1)
        """

    static let schema = Schema.object(
        [
            "version": .version("The version of Thanos. Defaults to \(DefaultImage.thanos.version)."),
            "image": .image(
                "The image of Thanos. Defaults to \(DefaultImage.thanos.repository), tagged with the version."),
            "replicationFactor": .count(
                """
                The number of receivers that store each sample. Must equal --receive.replication-factor of the \
                receivers. Defaults to 1.
                """, from: 1, to: 15),
            "replicationProtocol": .choice(
                """
                The protocol by which receivers forward samples to each other: protobuf is gRPC; capnproto is \
                Cap'n Proto, which uses less CPU. Must equal --receive.replication-protocol of adopted \
                receivers. Defaults to protobuf.
                """, ["protobuf", "capnproto"]),
            "algorithm": .choice(
                """
                How series are distributed over the receivers of a hashring. When a receiver joins or leaves, \
                ketama moves few series and hashmod nearly all. Written to each hashring of the file, where it \
                overrides --receive.hashrings-algorithm of the receivers. Defaults to ketama.
                """, ["ketama", "hashmod"]),
            "refreshInterval": .duration(
                """
                How often receivers and routers check for a new hashring file. The kubelet itself takes up to \
                two minutes to deliver it. Defaults to 5s.
                """),
            "hashrings": .list(
                of: HashringSpec.schema, by: "name", max: 64,
                """
                The hashrings. The file first lists those with exact ids, then those with patterns, each in this \
                order, and the soft one last, since Thanos uses the first hashring that matches. A hard hashring \
                is published once a tenant refers to it.
                """),
            "configMapName": .objectName(
                """
                The ConfigMap in which the hashring file is published, under the key hashrings.json. Receivers \
                mount it. Defaults to the name of the GlobalView followed by -hashrings.
                """),
            "annotatePods": .boolean(
                """
                Whether to annotate pods that mount the hashring file with tributary.dev/hashring-hash after \
                each change, so that the kubelet delivers the file immediately and not within two minutes. Requires \
                the permission to patch pods. Defaults to true for the pods that Tributary runs, false for \
                adopted receivers.
                """),
            "limits": ReceiveLimitsSpec.schema,
            "limitsConfigMapName": .objectName(
                """
                The ConfigMap in which the limits file is published, under the key limits.yaml. Routers mount \
                it. Defaults to the name of the GlobalView followed by -receive-limits.
                """),
            "writeURL": .url(
                """
                The URL that agents write to: a Service or an Ingress in front of the receivers, such as \
                http://thanos-receive.observability.svc:19291/api/v1/receive. Tenants and agents use it. \
                Defaults to the Service of the routers, which is the name of the GlobalView followed by \
                -receive, if there are routers.
                """),
            "router": RouterSpec.schema,
            "query": ThanosQuerySpec.schema,
            "objectStorage": ObjectStorageSpec.schema,
            "store": ThanosStoreSpec.schema,
            "compactor": ThanosCompactorSpec.schema,
            "queryFrontend": ThanosQueryFrontendSpec.schema,
            "outOfOrderTimeWindow": .duration(
                """
                How old samples may be that receivers take although they have newer ones of the same series: what \
                an agent sends after its link was down. The compactor then merges blocks that overlap. Takes effect \
                for managed hashrings. Defaults to 0s: such samples are refused.
                """),
            "tls": ThanosTLSSpec.schema,
        ], description: "Thanos Receive: hashrings whose file follows the receivers and the tenants."
    ).with(rules: rules)
}
