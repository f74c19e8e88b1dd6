import Crypto
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

/// Plans the central Prometheus of a view: its configuration, with the jobs of monitors as those of an agent, its pods and
/// their permissions.
struct CentralPlanner {
    let backend: PrometheusBackend
    let cache: JobCache
    /// What exists of its StatefulSet.
    let workload: Workload?
    private(set) var plan = Plan()
    /// The members of the view's status about monitors.
    private(set) var status: JSON.Members = [:]

    private var view: GlobalView { backend.view }
    private var snapshot: Snapshot { backend.snapshot }
    private var spec: PrometheusSpec { backend.spec }
    private var about: PlanKey { .globalView(view.metadata.key) }
    private var version: PrometheusVersion { view.prometheusVersion }

    init(backend: PrometheusBackend, cache: JobCache, workload: Workload?) {
        self.backend = backend
        self.cache = cache
        self.workload = workload
    }

    /// Makes the plan. Call it once. Throws ``Diagnostic`` if there is no configuration that Prometheus would load.
    mutating func makePlan() throws(Diagnostic) {
        var files = FileMounts()
        let file = try self.file(&files)
        let spokes = file["scrape_configs"]?.array ?? []
        guard let scraper = view.scraper else { return }
        let monitors = MonitorPlanning(agent: scraper, about: about, snapshot: snapshot, cache: cache)
        let jobs = try monitors.findJobs(version, reserved: Set(spokes.compactMap { $0["job_name"]?.string }))
        plan.credentialSources.formUnion(jobs.sources)
        plan.diagnostics += jobs.diagnostics + monitors.reachDiagnostics()
        guard !jobs.isWaiting else {
            // Tenants do not wait for a Secret of a monitor.
            plan.isPartial = true
            plan.keepsExisting = true
            return
        }
        plan.monitors = scraper.monitorKinds.isEmpty ? nil : jobs.report
        note(jobs, scraper)
        let login = try self.login()
        let central = CentralPrometheus(
            owner: backend.owner, version: version, spec: spec, scraper: scraper, image: view.prometheusImage,
            replicas: view.prometheusReplicas, readReplica: backend.readReplica,
            reloaderImage: snapshot.reloaderImage,
            configuration: try configuration(file, spokes, jobs, monitors),
            asksAPI: !scraper.monitorKinds.isEmpty || !discovery(jobs).isEmpty, files: files,
            login: login)
        plan.objects += roles(discovery(jobs))
        do throws(FieldError) {
            plan.objects += try central.objects()
        } catch {
            throw .invalidSpec(about, error)
        }
    }

    /// The user name and the password that it asks for, with the hash of the password; nil if it asks for none.
    private func login() throws(Diagnostic) -> (login: ServerLogin, hash: String)? {
        guard let login = backend.login else { return nil }
        if let problem = login.problem { throw problem }
        // A salt need not be secret, and with the same one each plan has the same hash.
        let salt = SHA256.digest("\(view.metadata.uid ?? "") \(view.metadata.key) \(login.username)").prefix(16)
        guard let hash = cache.hash(login.password, salt: Array(salt)) else {
            throw .error(about, "spec.prometheus.web.basicAuth", "LoginInvalid", "libxcrypt cannot hash the password")
        }
        return (login, hash)
    }

    /// The configuration file without the jobs of monitors. Adds diagnostics about what is left out.
    private mutating func file(_ files: inout FileMounts) throws(Diagnostic) -> JSON {
        var configuration = ServerConfiguration()
        configuration.scrapeInterval = spec.scrapeInterval ?? configuration.scrapeInterval
        configuration.scrapeTimeout = spec.scrapeTimeout
        configuration.externalLabels = spec.externalLabels ?? [:]
        // An agent that was disconnected sends its backlog after others have sent newer samples of the same series.
        configuration.outOfOrderTimeWindow = spec.outOfOrderTimeWindow ?? Self.longestBacklog
        configuration.scrapeConfigs = backend.scrapeConfigs(&files, &plan.diagnostics)
        configuration.remoteReads = (spec.remoteRead ?? []).map { $0.configuration(&files) }
        configuration.alertmanagers = (spec.alerting?.alertmanagers ?? []).map {
            ($0.name, $0.configuration(in: backend.owner.namespace, &files))
        }
        let generated = configuration.generate(for: version)
        for problem in generated.problems where problem.effect != .fatal {
            let rejected = problem.part.hasPrefix("alertmanager ") ? "AlertmanagerRejected" : "SpokeRejected"
            let reason = problem.effect == .rejected ? rejected : "FieldNotSupported"
            plan.diagnostics.append(.warning(about, "spec.prometheus", reason, problem.description))
        }
        guard let file = generated.json else {
            let fatal = generated.problems.filter { $0.effect == .fatal }.map(\.description)
            throw .error(about, "spec.prometheus", "ConfigurationInvalid", fatal.joined(separator: "; "))
        }
        return file
    }

    /// The longest that an agent keeps samples that it cannot send.
    private static let longestBacklog = "4h"

    private mutating func configuration(
        _ file: JSON, _ spokes: [JSON], _ jobs: AgentJobs, _ monitors: MonitorPlanning
    ) throws(Diagnostic) -> CentralConfiguration {
        let text = YAML.write([file])
        guard hasJobs else { return CentralConfiguration(text: text) }
        let all = spokes.map { RenderedJob(ScrapeJob(scrapeConfig: $0), shards: 1) } + jobs.jobs
        return CentralConfiguration(
            text: text,
            secrets: try monitors.configSecrets(
                version, file, all, names: [backend.name], scraping: 1, workloads: [workload], keeps: &plan.keeps),
            assets: try monitors.assets(jobs, of: backend.name))
    }

    /// Whether there may be jobs besides those of spokes. Their texts may have credentials.
    private var hasJobs: Bool {
        view.scraper?.monitorKinds.isEmpty == false || spec.additionalScrapeConfigs != nil
            || spec.scrapeConfigs?.isEmpty == false
    }

    /// What Prometheus reads through the API server: for its jobs, and the endpoints of Alertmanagers.
    private func discovery(_ jobs: AgentJobs) -> JobDiscovery {
        var discovery = jobs.discovery
        for service in (spec.alerting?.alertmanagers ?? []).compactMap(\.service) {
            discovery.namespaces.insert(service.namespace ?? backend.owner.namespace)
        }
        return discovery
    }

    private mutating func roles(_ discovery: JobDiscovery) -> [Object] {
        let roles = DiscoveryRoles(
            owner: backend.owner, name: backend.name, program: CentralNames.program,
            serviceAccountName: spec.serviceAccountName ?? backend.name, discovery: discovery,
            watched: snapshot.monitoring.watched)
        if let problem = roles.problem {
            plan.diagnostics.append(.warning(about, "spec.prometheus", "DiscoveryNotAllowed", problem))
        }
        return roles.objects
    }

    private mutating func note(_ jobs: AgentJobs, _ scraper: PrometheusAgent) {
        guard hasJobs else { return }
        status = ["monitors": JSON(jobs.accepted), "rejected": JSON(jobs.rejected)]
        if !jobs.rejectedMonitors.isNull { status["rejectedMonitors"] = jobs.rejectedMonitors }
    }
}
