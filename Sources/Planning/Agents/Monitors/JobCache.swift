public import Kube
import PlanningInput
import PrometheusConfig

/// The jobs of monitors, cached for as long as their inputs stay the same.
///
/// The cache does not change plans: it holds what would be made again. So an edit of one monitor among thousands makes
/// the jobs of that monitor and writes one part of the configuration.
public final class JobCache: Sendable {
    private let agents = Locked<[ObjectKey: AgentJobCache]>([:])

    /// An empty cache.
    public init() {}

    /// Calls a function with the cache of an agent.
    func with<Result>(_ agent: ObjectKey, _ body: (inout AgentJobCache) -> Result) -> Result {
        var cache = agents.withLock { $0.removeValue(forKey: agent) } ?? AgentJobCache()
        defer { agents.withLock { $0[agent] = cache } }
        return body(&cache)
    }

    /// Removes the cache of an agent that no longer exists.
    public func forget(_ agent: ObjectKey) { agents.withLock { $0[agent] = nil } }

    /// How many times jobs were made for an agent, and how many times a part of its configuration was written.
    func counts(of agent: ObjectKey) -> (jobs: Int, parts: Int) {
        agents.withLock { $0[agent].map { ($0.madeJobs, $0.madeParts) } ?? (0, 0) }
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

/// What jobs are made from.
enum JobInput: Sendable {
    case monitor(ObservedMonitor)
    /// One of the agent's own `spec.scrapeConfigs`.
    case own(Int, JSON)
    /// The list in the Secret that `spec.additionalScrapeConfigs` names.
    case additional(CredentialReference)

    enum ID: Hashable {
        case monitor(MonitorKind, ObjectKey)
        case own(Int)
        case additional
    }

    var id: ID {
        switch self {
        case .monitor(let monitor): .monitor(monitor.kind, monitor.key)
        case .own(let index, _): .own(index)
        case .additional: .additional
        }
    }

    func isSame(as other: JobInput) -> Bool {
        switch (self, other) {
        case (.monitor(let left), .monitor(let right)): left.isSame(as: right)
        case (.own(let place, let left), .own(let other, let right)): place == other && left == right
        case (.additional(let left), .additional(let right)): left == right
        default: false
        }
    }
}

/// The result for one input.
final class JobEntry: Sendable {
    /// A credential that was looked up, and what was known about its Secret or ConfigMap then.
    struct Use: Sendable {
        var reference: CredentialReference
        var content: Boxed<CredentialContent?>?
    }

    /// Why there are no jobs.
    struct Problem: Sendable, Hashable {
        var reason: String
        var error: FieldError
    }

    let input: JobInput
    let uses: [Use]
    /// The credentials that the pod needs as files.
    let files: Set<CredentialReference>
    let jobs: [RenderedJob]
    /// Why there are no jobs, or why some jobs of a list are missing.
    let problems: [Problem]
    /// The fields that the version of Prometheus does not support.
    let leftOut: [FieldError]

    init(
        _ input: JobInput, uses: [Use] = [], files: Set<CredentialReference> = [], jobs: [RenderedJob] = [],
        problems: [Problem] = [], leftOut: [FieldError] = []
    ) {
        self.input = input
        self.uses = uses
        self.files = files
        self.jobs = jobs
        self.problems = problems
        self.leftOut = leftOut
    }

    /// Whether the same input would give the same result now.
    func holds(for input: JobInput, in monitoring: Monitoring) -> Bool {
        self.input.isSame(as: input) && uses.allSatisfy { $0.content === monitoring.content(of: $0.reference) }
    }
}
