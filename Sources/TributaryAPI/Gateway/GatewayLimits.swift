import Kube

/// The limits of a tenant at the gateway.
public struct GatewayLimits: Sendable, Hashable, Codable {
    /// The size of the body of a request in bytes, as it is sent.
    public var maxBodySize: IntOrString?
    /// The number of requests in a second.
    public var requestsPerSecond: Int?
    /// The number of requests that are served at the same time.
    public var concurrentRequests: Int?

    /// Limits.
    public init(maxBodySize: IntOrString? = nil, requestsPerSecond: Int? = nil, concurrentRequests: Int? = nil) {
        self.maxBodySize = maxBodySize
        self.requestsPerSecond = requestsPerSecond
        self.concurrentRequests = concurrentRequests
    }

    /// These limits, with those that are absent taken from others.
    public func merged(over others: GatewayLimits?) -> GatewayLimits {
        GatewayLimits(
            maxBodySize: maxBodySize ?? others?.maxBodySize,
            requestsPerSecond: requestsPerSecond ?? others?.requestsPerSecond,
            concurrentRequests: concurrentRequests ?? others?.concurrentRequests)
    }

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "maxBodySize": .quantity(
                    """
                    The size of the body of a request in bytes as it is sent, such as 8Mi. The gateway answers a \
                    larger one with status 413. Defaults to 16Mi.
                    """),
                "requestsPerSecond": .count(
                    """
                    The number of requests in a second, with a burst of the same number. The gateway answers further \
                    ones with status 429. Defaults to no limit.
                    """, from: 1, to: 1_000_000),
                "concurrentRequests": .count(
                    """
                    The number of requests that are served at the same time. The gateway answers further ones with \
                    status 429. Defaults to no limit.
                    """, from: 1, to: 100_000),
            ], description: description)
    }
}
