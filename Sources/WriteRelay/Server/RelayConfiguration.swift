/// What a relay does, and its limits.
public struct RelayConfiguration: Sendable {
    /// Where the replicas of the central Prometheus receive remote writes. Every write goes to all of them.
    public var upstreams: [String]
    /// The name of the tenant label; nil to send writes as they are.
    public var label: String?
    /// The file with the authorities that certificates of the replicas are checked with; nil for those of the system.
    public var authoritiesFile: String?
    /// The files with the user name and the password that the replicas ask for, read for each write; nil for none.
    public var login: (usernameFile: String, passwordFile: String)?
    /// How long writes wait for a replica that is down, before they go on without it.
    public var replicaPatience: Duration = .seconds(300)
    /// Whether remote write 2.0 is accepted. Prometheus before 2.54 answers to it as if it had stored something.
    public var acceptsSecondVersion = true
    /// The most requests at the same time; further ones are answered with status 503.
    public var maximumRequests = 64
    /// The most bytes of a message, compressed and not, and after the label is forced on it.
    public var maximumMessageBytes = 64 << 20
    /// The longest time for the answer of the central Prometheus. Agents wait 30 seconds by default.
    public var upstreamTimeout: Duration = .seconds(30)
    /// The longest time for a request to arrive, and between two requests of a connection. Longer than nginx keeps an
    /// unused connection, so that it does not send a request into one that closes.
    public var idle: Duration = .seconds(120)

    /// Creates a configuration with the default limits.
    public init(upstreams: [String], label: String?) {
        self.upstreams = upstreams
        self.label = label
    }

    /// The memory in bytes for all requests together. One as large as allowed needs all of it: its message, the changed
    /// message and that compressed.
    var memory: Int { 3 * maximumMessageBytes }

    /// The header with the tenant's id.
    public static let tenantHeader = "X-Tributary-Tenant"
    /// The path of writes.
    public static let path = "/write"
}
