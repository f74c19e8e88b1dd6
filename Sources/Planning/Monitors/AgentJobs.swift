import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The jobs of an agent, from its monitors and its own scrape configurations, with diagnostics about rejected ones.
///
/// The order is prometheus-operator's: PodMonitors, `additionalScrapeConfigs`, ServiceMonitors, Probes, ScrapeConfigs,
/// each kind by the text `namespace/name`. `scrapeConfigs`, which prometheus-operator does not have, come last.
struct AgentJobs {
    private(set) var jobs: [RenderedJob] = []
    private(set) var report = MonitorReport()
    /// The problems of the agent's own scrape configurations.
    private(set) var diagnostics: [Diagnostic] = []
    /// How many of the agent's own scrape configurations are accepted and rejected.
    private(set) var ownAccepted = 0
    private(set) var ownRejected = 0
    /// The credentials that the pod needs as files.
    private(set) var files: Set<CredentialReference> = []
    /// The Secrets and ConfigMaps that the jobs refer to.
    private(set) var sources: Set<CredentialSource> = []
    /// Whether some of them have not been read yet. Then the jobs must not be published.
    private(set) var isWaiting = false
    private(set) var discovery = JobDiscovery()

    private let about: PlanKey
    private let monitoring: Monitoring
    private let maker: JobMaker
    /// The names of jobs that have had no targets for some time.
    private let idle: Set<String>
    private var entries: [JobInput.ID: JobEntry]
    private var madeJobs = 0

    /// Makes the jobs of an agent, and takes unchanged ones from the cache.
    init(
        _ agent: PrometheusAgent, about: PlanKey, _ shape: AgentJobCache.Shape, _ monitoring: Monitoring,
        idle: Set<String>, reserved: Set<String> = [], _ cache: inout AgentJobCache
    ) {
        self.about = about
        self.idle = idle
        let spec = about.resource == PrometheusAgent.resource ? "spec" : "spec.prometheus"
        self.monitoring = monitoring
        cache.prepare(shape)
        entries = cache.entries
        maker = JobMaker(shape: shape, monitoring: monitoring)
        var kept: [JobInput.ID: JobEntry] = [:]
        kept.reserveCapacity(entries.count)

        let selection = MonitorSelection(agent)
        var found: [(MonitorKind, [JobEntry])] = []
        for kind in MonitorKind.ofAgents {
            let selected = selection.selected(kind, in: monitoring).map { entry(.monitor($0), &kept) }
            found.append((kind, selected))
        }
        let additional = agent.spec.additionalScrapeConfigs.map { selector -> JobEntry in
            let reference = CredentialReference(
                .secret, namespace: agent.metadata.namespace ?? "default", name: selector.name, key: selector.key)
            return entry(.additional(reference), &kept)
        }
        let own = (agent.spec.scrapeConfigs ?? []).enumerated().map { entry(.own($0.offset, $0.element), &kept) }
        cache.entries = kept
        cache.madeJobs += madeJobs

        // Names are unique in a file. The names of monitors' jobs cannot clash, and take precedence.
        var names = reserved
        if additional != nil || !own.isEmpty {
            for entry in found.lazy.flatMap(\.1) { names.formUnion(entry.jobs.map(\.name)) }
        }
        for (kind, selected) in found {
            for entry in selected { take(entry, kind) }
            if kind == .podMonitor, let additional {
                let isOptional = agent.spec.additionalScrapeConfigs?.optional == true
                take(additional, "\(spec).additionalScrapeConfigs", &names, mayBeMissing: isOptional)
            }
        }
        for (index, entry) in own.enumerated() { take(entry, "\(spec).scrapeConfigs[\(index)]", &names) }
    }

    private mutating func entry(_ input: JobInput, _ kept: inout [JobInput.ID: JobEntry]) -> JobEntry {
        let id = input.id
        let result: JobEntry
        if let known = entries[id], known.holds(for: input, in: monitoring) {
            result = known
        } else {
            result = maker.make(input)
            madeJobs += 1
        }
        kept[id] = result
        return result
    }

    private mutating func take(_ entry: JobEntry, _ kind: MonitorKind) {
        note(entry)
        guard case .monitor(let monitor) = entry.input else { return }
        for problem in entry.problems {
            report.rejected.append(MonitorFinding(monitor, problem.reason, problem.error))
        }
        for field in entry.leftOut {
            report.leftOut.append(MonitorFinding(monitor, "FieldNotSupported", field))
        }
        for field in entry.unknown { report.leftOut.append(MonitorFinding(monitor, "UnknownField", field)) }
        for use in entry.uses {
            guard case .assumed = monitoring.find(use.reference) else { continue }
            report.leftOut.append(
                MonitorFinding(
                    monitor, "CredentialAssumed",
                    FieldError(FieldPath(), "\(use.reference) is not in the files and is assumed to exist")))
        }
        if entry.problems.isEmpty { report.accepted[kind, default: 0] += 1 }
        noteIdle(entry, monitor)
        jobs += entry.jobs
    }

    /// Notes that a monitor, or one of its endpoints, has no targets. Of many, only the first are put into words.
    private mutating func noteIdle(_ entry: JobEntry, _ monitor: ObservedMonitor) {
        guard !idle.isEmpty else { return }
        let without = entry.jobs.indices.filter { idle.contains(entry.jobs[$0].name) }
        guard let first = without.first else { return }
        report.withoutTargetsCount += 1
        guard report.withoutTargets.count < ListedMonitor.mostWithoutTargets else { return }
        report.withoutTargets.append(
            MonitorFinding(
                monitor, "NoTargets",
                FieldError(
                    without.count == entry.jobs.count ? FieldPath() : monitor.kind.endpoints.appending(first),
                    "has had no targets for some minutes: nothing matches it, or its relabelings drop all that does; "
                        + "\"tributary why \(monitor.kind.rawValue.lowercased()) \(monitor.key)\" says more")))
    }

    private mutating func take(
        _ entry: JobEntry, _ field: String, _ names: inout Set<String>, mayBeMissing: Bool = false
    ) {
        note(entry)
        for problem in entry.problems {
            if mayBeMissing, problem.reason == "CredentialNotFound" { continue }
            diagnostics.append(.warning(about, field, problem.reason, problem.error.problem))
            ownRejected += 1
        }
        for job in entry.jobs {
            guard names.insert(job.name).inserted else {
                diagnostics.append(
                    .warning(
                        about, field, "ScrapeConfigRejected",
                        "scrape config \"\(job.name)\": job_name: is already the name of another job; job names "
                            + "must be unique"))
                ownRejected += 1
                continue
            }
            ownAccepted += 1
            jobs.append(job)
        }
    }

    private mutating func note(_ entry: JobEntry) {
        files.formUnion(entry.files)
        for use in entry.uses {
            sources.insert(CredentialSource(of: use.reference))
            if case .unknown = monitoring.find(use.reference) { isWaiting = true }
        }
        for job in entry.jobs where !job.discovery.isEmpty { discovery.add(job.discovery) }
    }
}

extension MonitorKind {
    /// The list with an element for each job of a monitor; the whole specification of kinds with one job.
    fileprivate var endpoints: FieldPath {
        switch self {
        case .serviceMonitor: FieldPath("spec.endpoints")
        case .podMonitor: FieldPath("spec.podMetricsEndpoints")
        case .probe, .scrapeConfig, .prometheusRule: FieldPath("spec")
        }
    }
}
