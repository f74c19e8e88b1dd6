import Kube

/// Write limits of a tenant, as in the limits file of Thanos Receive.
public struct LimitsSpec: Sendable, Hashable, Codable {
    /// Limits of a single write request.
    public var requests: RequestLimits?
    /// The number of series that a tenant may have in the heads of the receivers; 0 means no limit.
    public var headSeriesLimit: Int64?

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(requests, RequestLimits.rules, at: path.appending("requests"))
    }

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "requests": RequestLimits.schema,
                "headSeriesLimit": .largeCount(
                    """
                    The number of series that a tenant may have in the heads of the receivers; 0 means no limit. \
                    Receivers answer further writes with status 429, on which Prometheus drops the samples unless \
                    retryOnRateLimit is true. Requires thanos.limits.global.metaMonitoringURL in the GlobalView.
                    """),
            ], description: description)
    }
}

/// Limits of a single write request.
public struct RequestLimits: Sendable, Hashable, Codable {
    /// The number of series in a request; 0 means no limit.
    public var seriesLimit: Int64?
    /// The number of samples in a request; 0 means no limit.
    public var samplesLimit: Int64?
    /// The size of a decompressed request in bytes, such as 4Mi; 0 means no limit.
    public var sizeBytesLimit: IntOrString?

    static let rules: [CheckedRule<RequestLimits>] = [
        CheckedRule(
            "!has(self.sizeBytesLimit) || !string(self.sizeBytesLimit).startsWith('-')",
            "should be at least 0; 0 means no limit", at: "sizeBytesLimit"
        ) { limits in
            switch limits.sizeBytesLimit {
            case .int(let value)?: value >= 0
            case .string(let text)?: !text.hasPrefix("-")
            case nil: true
            }
        }
    ]

    static let schema = Schema.object(
        [
            "seriesLimit": .largeCount("The number of series in a request; 0 means no limit."),
            "samplesLimit": .largeCount("The number of samples in a request; 0 means no limit."),
            "sizeBytesLimit": .quantity("The size of a decompressed request in bytes, such as 4Mi; 0 means no limit."),
        ],
        description:
            "Limits of a single write request. Receivers answer a request that exceeds a limit with status 413."
    ).with(rules: rules)
}
