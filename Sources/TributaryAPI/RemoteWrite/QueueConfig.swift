import Kube

/// How many series wait to be sent and in how many requests at a time.
public struct QueueConfig: Sendable, Hashable, Codable {
    public var capacity: Int?
    public var minShards: Int?
    public var maxShards: Int?
    public var maxSamplesPerSend: Int?
    public var batchSendDeadline: String?
    public var maxRetries: Int?
    public var minBackoff: String?
    public var maxBackoff: String?
    public var retryOnRateLimit: Bool?
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
            "capacity": .count("How many samples wait per shard at most. Defaults to 10000, as 0 does."),
            "minShards": .count("How many requests are under way at least. Defaults to 1, as 0 does."),
            "maxShards": .count("How many requests are under way at most. Defaults to 50, as 0 does."),
            "maxSamplesPerSend": .count("How many samples a request carries at most. Defaults to 2000, as 0 does."),
            "batchSendDeadline": .duration("How long a request waits to be full. Defaults to 5s."),
            "maxRetries": .count(
                "Does nothing: Prometheus has not known it since 2.11, and retries until it succeeds."),
            "minBackoff": .duration("How long to wait before the first retry. Defaults to 30ms."),
            "maxBackoff": .duration("How long to wait between retries at most. Defaults to 5s."),
            "retryOnRateLimit": .boolean(
                "Whether what the receiver answered with status 429 is sent again. Defaults to false: it is dropped."),
            "sampleAgeLimit": .duration(
                "How old samples may be to be sent still. Defaults to none: a link that was down is caught up with."),
        ], description: "How much waits to be sent, and how much is sent at a time."
    ).with(rules: rules)
}
