import Kube

/// How much a tenant may write.
public struct LimitsSpec: Sendable, Hashable, Codable {
    public var requests: RequestLimits?
    public var headSeriesLimit: Int64?

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(requests, RequestLimits.rules, at: path.appending("requests"))
    }

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "requests": RequestLimits.schema,
                "headSeriesLimit": .largeCount(
                    """
                    How many series a tenant may have in the receivers' memory at a time; 0 is no limit. Beyond it \
                    writes are refused with status 429, which Prometheus takes for a loss unless it is told to retry. \
                    Needs the GlobalView's thanos.limits.global.metaMonitoringURL.
                    """),
            ], description: description)
    }
}

/// How much one write request may carry.
public struct RequestLimits: Sendable, Hashable, Codable {
    public var seriesLimit: Int64?
    public var samplesLimit: Int64?
    public var sizeBytesLimit: IntOrString?

    static let rules: [CheckedRule<RequestLimits>] = [
        CheckedRule(
            "!has(self.sizeBytesLimit) || !string(self.sizeBytesLimit).startsWith('-')",
            "should not be less than 0, which is no limit", at: "sizeBytesLimit"
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
            "seriesLimit": .largeCount("How many series; 0 is no limit."),
            "samplesLimit": .largeCount("How many samples; 0 is no limit."),
            "sizeBytesLimit": .quantity("How many bytes once decompressed, such as 4Mi; 0 is no limit."),
        ], description: "How much one write request may carry; one that carries more is refused with status 413."
    ).with(rules: rules)
}
