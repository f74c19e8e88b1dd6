import Kube
public import PlanningInput
import PrometheusConfig

/// The jobs of monitors, cached for as long as their inputs stay the same.
///
/// The cache does not change plans: it holds what would be made again. So an edit of one monitor among thousands makes
/// the jobs of that monitor and writes one part of the configuration.
public final class JobCache: Sendable {
    private let agents = Locked<[PlanKey: AgentJobCache]>([:])

    /// An empty cache.
    public init() {}

    /// Calls a function with the cache of an agent or a central Prometheus.
    func with<Result>(_ key: PlanKey, _ body: (inout AgentJobCache) -> Result) -> Result {
        var cache = agents.withLock { $0.removeValue(forKey: key) } ?? AgentJobCache()
        defer { agents.withLock { $0[key] = cache } }
        return body(&cache)
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
