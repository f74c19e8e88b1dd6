import Kube

/// What arrives of a tenant's series. It is written only when what it shows changes.
public struct ReceivedStatus: Sendable, Hashable, Codable {
    /// About how many series the tenant has.
    public var series: Int?
    /// The time of the newest sample; now while samples arrive.
    public var lastSample: String?

    /// What arrives.
    public init(series: Int?, lastSample: String?) {
        self.series = series
        self.lastSample = lastSample
    }

    /// The value of ``lastSample`` while samples arrive.
    public static let now = "now"

    static let schema = Schema.object(
        [
            "series": .largeCount(
                """
                About how many series the tenant has: those of the last scrapes of its targets, rounded to steps (1, 2, 5, \
                10, 20, ...); 0 if no samples arrive.
                """),
            "lastSample": .string(
                """
                The time of the newest sample. While samples arrive it is now, so that the status of a healthy tenant is \
                not written again and again.
                """),
        ],
        description: """
            What arrives of the tenant's series. The operator asks the query API of the GlobalView once a minute, for all \
            tenants together.
            """)
}
