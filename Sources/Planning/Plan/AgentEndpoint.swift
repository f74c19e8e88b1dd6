import PlanningInput

/// Where the pods of an agent answer what they send.
public struct AgentEndpoint: Sendable, Hashable {
    /// The scheme of Prometheus's web server.
    public var scheme: String
    /// The port of Prometheus's web server.
    public var port: Int
    /// The path prefix of its pages, without a trailing slash.
    public var prefix: String
    /// How many pods the agent has once all of them run.
    public var pods: Int

    /// An endpoint.
    public init(scheme: String, port: Int, prefix: String, pods: Int) {
        self.scheme = scheme
        self.port = port
        self.prefix = prefix
        self.pods = pods
    }

    /// Whether pods answer at the same place.
    public func isSamePlace(as other: AgentEndpoint) -> Bool {
        (scheme, port, prefix) == (other.scheme, other.port, other.prefix)
    }

    /// The URL of a page at a pod's address; nil if the address is invalid.
    public func url(of page: String, at address: String) -> String? {
        PodURL.make(address, scheme: scheme, port: port, path: prefix + page)
    }
}
