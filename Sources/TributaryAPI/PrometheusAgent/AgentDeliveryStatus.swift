import Kube

/// How an agent sends what it scrapes. All figures are rounded down to steps.
public struct AgentDeliveryStatus: Sendable, Hashable, Codable {
    /// How far sending is behind scraping, such as 5m.
    public var behind: String?
    /// The same in seconds.
    public var behindSeconds: Int?
    /// The number of samples per minute that are refused and lost.
    public var failedSamplesPerMinute: Int?
    /// The number of samples per minute that are given up because they are too old.
    public var droppedSamplesPerMinute: Int?
    /// The number of targets that cannot be scraped.
    public var targetsDown: Int?
    /// Why samples do not arrive, as one word in CamelCase that programs can rely on.
    public var cause: String?
    /// Why samples do not arrive, in words.
    public var reason: String?

    static let schema = Schema.object(
        [
            "behind": .string(
                "How far sending is behind scraping, such as 5m, of the pod and the remote write that are the worst."),
            "behindSeconds": .count("The same in seconds."),
            "failedSamplesPerMinute": .count("The number of samples per minute that are refused and lost."),
            "droppedSamplesPerMinute": .count(
                "The number of samples per minute that are given up because they are too old."),
            "targetsDown": .count(
                """
                The number of targets that cannot be scraped, of all pods together; absent if an agent has so many \
                targets that they are not counted.
                """),
            "cause": .string(
                """
                Why samples do not arrive, as one word in CamelCase that programs can rely on, such as HostNotFound, \
                Unauthorized or CertificateNotTrusted.
                """),
            "reason": .string("Why samples do not arrive, in words.").with { $0.maxLength = 1024 },
        ],
        description: """
            How the pods send what they scrape. The operator asks each pod once a minute. Figures are rounded down to \
            steps, so that small changes are not written.
            """)
}
