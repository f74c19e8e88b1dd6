public import Kube

/// The Query Frontend, which splits queries, retries them, and caches answers.
public struct ThanosQueryFrontendSpec: Sendable, Hashable, Codable, PodPlacement {
    /// The number of pods.
    public var replicas: Int?
    /// The longest range of time that one query asks for.
    public var splitInterval: String?
    /// How often a query that fails is tried again.
    public var maxRetries: Int?
    /// The cache of the answers for operators.
    public var cache: CacheSpec?
    /// The cache of the answers for tenants.
    public var tenantCache: CacheSpec?
    /// The compute resources of each pod.
    public var resources: ResourceRequirements?
    /// The labels that a node must have for the pods to run on it.
    public var nodeSelector: [String: String]?
    /// The tolerations of the pods.
    public var tolerations: [Toleration]?
    /// The affinity of the pods.
    public var affinity: JSON?
    /// How pods are spread over zones and nodes.
    public var topologySpreadConstraints: [JSON]?
    /// The priority class of the pods.
    public var priorityClassName: String?
    /// Labels and annotations of the pods.
    public var podMetadata: PodMetadata?

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        errors.check(cache, CacheSpec.rules, at: path.appending("cache"))
        errors.check(tenantCache, CacheSpec.rules, at: path.appending("tenantCache"))
    }

    static let rules: [CheckedRule<ThanosQueryFrontendSpec>] = [
        CheckedRule(
            """
            !has(self.cache) || !has(self.cache.memcached) || !has(self.tenantCache) || \
            !has(self.tenantCache.memcached) || \
            !self.tenantCache.memcached.addresses.exists(a, a in self.cache.memcached.addresses)
            """,
            "should have other servers than cache: in one memcached, answers for operators could reach tenants",
            at: "tenantCache.memcached.addresses"
        ) { frontend in
            let operators = Set(frontend.cache?.memcached?.addresses ?? [])
            return operators.isDisjoint(with: frontend.tenantCache?.memcached?.addresses ?? [])
        }
    ]

    static let schema = Schema.object(
        [
            "replicas": .count(
                """
                The number of pods. With a gateway, as many more serve tenants, in front of the Thanos Query that \
                finds only the series of the tenant that reads. Defaults to 2.
                """, from: 1, to: 100),
            "splitInterval": .duration(
                "The longest range of time that one query asks for; longer ones are split. Defaults to 24h."),
            "maxRetries": .count("How often a query that fails is tried again. Defaults to 5.", to: 100),
            "cache": CacheSpec.schema(
                """
                The cache of answers, in the Query Frontend for operators or, without a gateway, for all. Defaults \
                to one of 250Mi in the memory of each pod.
                """),
            "tenantCache": CacheSpec.schema(
                """
                The cache of the answers for tenants behind a gateway. No tenant gets an answer that was cached for \
                another one. Its memcached must be for this alone. Defaults to one of 250Mi in the memory of each \
                pod.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of each pod. Defaults to requests of 100m CPU and 512Mi memory, without \
                limits.
                """),
        ],
        and: PodPlacementFields.properties(),
        description: """
            The Query Frontend in front of the Thanos Query that Tributary runs: it splits queries over long times, \
            retries them, and caches answers. Requires query.replicas. Defaults to none.
            """
    ).with(rules: rules)
}
