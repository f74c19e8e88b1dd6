import Kube

/// The queue of samples to send: prometheus-operator's QueueConfig.
public struct QueueConfig: Sendable, Hashable, Codable {
    /// The number of samples to buffer per shard.
    public var capacity: Int?
    /// The minimum number of shards, which is the number of concurrent requests.
    public var minShards: Int?
    /// The maximum number of shards, which is the number of concurrent requests.
    public var maxShards: Int?
    /// The maximum number of samples in a request.
    public var maxSamplesPerSend: Int?
    /// How long samples wait for a request to fill.
    public var batchSendDeadline: String?
    /// Has no effect: Prometheus ignores it since 2.11 and retries until the request succeeds.
    public var maxRetries: Int?
    /// The delay before the first retry.
    public var minBackoff: String?
    /// The maximum delay between retries.
    public var maxBackoff: String?
    /// Whether to retry requests that the receiver answers with status 429.
    public var retryOnRateLimit: Bool?
    /// The maximum age of samples to send.
    public var sampleAgeLimit: String?

    static let rules: [CheckedRule<QueueConfig>] = [
        CheckedRule(
            "!has(self.minShards) || !has(self.maxShards) || self.maxShards == 0 || self.minShards <= self.maxShards",
            "should be at most maxShards", at: "minShards"
        ) { queue in
            guard let least = queue.minShards, let most = queue.maxShards, most > 0 else { return true }
            return least <= most
        }
    ]

    static let schema = Schema.object(
        [
            "capacity": .count("The number of samples to buffer per shard. Defaults to 10000, also if set to 0."),
            "minShards": .count(
                """
                The minimum number of shards, which is the number of concurrent requests. Defaults to 1, also if \
                set to 0.
                """),
            "maxShards": .count(
                """
                The maximum number of shards, which is the number of concurrent requests. Defaults to 50, also \
                if set to 0.
                """),
            "maxSamplesPerSend": .count(
                "The maximum number of samples in a request. Defaults to 2000, also if set to 0."),
            "batchSendDeadline": .duration("How long samples wait for a request to fill. Defaults to 5s."),
            "maxRetries": .count(
                "Has no effect: Prometheus ignores it since 2.11 and retries until the request succeeds."),
            "minBackoff": .duration("The delay before the first retry. Defaults to 30ms."),
            "maxBackoff": .duration("The maximum delay between retries. Defaults to 5s."),
            "retryOnRateLimit": .boolean(
                """
                Whether to retry requests that the receiver answers with status 429. Defaults to false: \
                Prometheus drops the samples.
                """),
            "sampleAgeLimit": .duration(
                """
                The maximum age of samples to send. Defaults to no limit, so that an agent catches up after an \
                outage.
                """),
        ], description: "The queue of samples to send."
    ).with(rules: rules)
}
