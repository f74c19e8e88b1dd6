import Crypto
import Kube
public import PlanningInput
import PrometheusConfig

/// The jobs of monitors, cached for as long as their inputs stay the same.
///
/// The cache does not change plans: it holds what would be made again. So an edit of one monitor among thousands makes
/// the jobs of that monitor and writes one part of the configuration.
public final class JobCache: Sendable {
    private let agents = Locked<[PlanKey: AgentJobCache]>([:])
    /// The hashes of passwords, each of which takes a twentieth of a second to make, by digests of password and salt.
    private let hashes = Locked<[String: String]>([:])

    /// An empty cache.
    public init() {}

    /// Calls a function with the cache of an agent or a central Prometheus.
    func with<Result>(_ key: PlanKey, _ body: (inout AgentJobCache) -> Result) -> Result {
        var cache = agents.withLock { $0.removeValue(forKey: key) } ?? AgentJobCache()
        defer { agents.withLock { $0[key] = cache } }
        return body(&cache)
    }

    /// The hash of a password.
    func hash(_ password: String, salt: [UInt8]) -> String? {
        let key = SHA256.hexadecimal("\(salt) \(password)")
        if let known = hashes.withLock({ $0[key] }) { return known }
        let hash = Bcrypt.hash(password, salt: salt)
        hashes.withLock { hashes in
            if hashes.count >= 64 { hashes = [:] }
            hashes[key] = hash
        }
        return hash
    }

    /// Removes the cache of an agent or a global view that no longer exists.
    public func forget(_ key: PlanKey) { agents.withLock { $0[key] = nil } }

    /// How many times jobs were made for an agent, and how many times a part of its configuration was written.
    func counts(of agent: ObjectKey) -> (jobs: Int, parts: Int) {
        agents.withLock { $0[.agent(agent)].map { ($0.madeJobs, $0.madeParts) } ?? (0, 0) }
    }
}

/// The cache of one agent.
struct AgentJobCache: Sendable {
    /// What all jobs depend on.
    struct Shape: Sendable, Hashable {
        var settings: MonitorSettings
        var scrapeInterval: String
        var shards: Int
    }

    var shape: Shape?
    var entries: [JobInput.ID: JobEntry] = [:]
    var parts: [ConfigPart.ID: ConfigPart] = [:]
    var madeJobs = 0
    var madeParts = 0

    /// Empties the cache if the settings differ from those of the cached jobs.
    mutating func prepare(_ shape: Shape) {
        guard self.shape != shape else { return }
        self.shape = shape
        entries = [:]
        parts = [:]
    }
}
