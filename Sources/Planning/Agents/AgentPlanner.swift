import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Plans one agent: its configuration, its pods, their permissions, and its status.
struct AgentPlanner {
    let agent: PrometheusAgent
    let snapshot: Snapshot
    let cache: JobCache
    let about: PlanKey
    let owner: Owner
    var plan = Plan()
    var missing: MissingCredentials
    /// The copies of tenants' credentials.
    var copies: [GrantedCredential] = []
    /// The first reason for which a tenant's remote write is left out.
    var withheld: Diagnostic?

    init(_ agent: PrometheusAgent, in snapshot: Snapshot, cache: JobCache) {
        self.agent = agent
        self.snapshot = snapshot
        self.cache = cache
        about = .agent(agent.metadata.key)
        owner = Owner(resource: PrometheusAgent.resource, metadata: agent.metadata)
        missing = MissingCredentials(about: about)
    }

    /// Makes the plan. Call it once.
    mutating func makePlan() -> Plan {
        guard !agent.isPaused else { return Plan(paused: agent, now: snapshot.now) }
        do throws(Diagnostic) {
            try addAll()
        } catch {
            // The last good configuration keeps working, with what it may still have.
            plan.keepsExisting = true
            plan.revokes = revoked
            plan.diagnostics.append(error)
            // Secrets are often created by someone else, a little later.
            let readiness: Readiness =
                error.reason == MissingCredentials.reason
                ? .progressing(reason: error.reason, message: error.text) : .stalled(error.reason, error.text)
            let status = makeStatus(jobs: nil, readiness: readiness)
            plan.statuses.append(status)
        }
        plan.agentEndpoint = endpoint
        return plan
    }

    private mutating func addAll() throws(Diagnostic) {
        if let error = agent.validate().summary { throw .invalidSpec(about, error) }
        guard let version = PrometheusVersion(agent.version) else {
            throw .error(
                about, "spec.version", "InvalidSpec",
                "\"\(agent.version)\" is not a valid version; expected for example v3.5.0")
        }
        let monitoring = snapshot.monitoring
        var sources = CredentialSources(
            version: version, namespace: owner.namespace, files: FileMounts(),
            credentials: CredentialResolver { monitoring.found($0, listingKeys: true) })
        let configuration: AgentConfiguration
        do throws(Diagnostic) {
            configuration = try self.configuration(&sources)
        } catch {
            // A credential may only seem missing until its Secret has been read.
            guard waits(for: sources.credentials) else { throw error }
            return
        }
        guard !waits(for: sources.credentials) else { return }
        let jobs = try monitors.findJobs(version)
        plan.credentialSources.formUnion(jobs.sources)
        guard !jobs.isWaiting else { return wait() }
        plan.monitors = agent.monitorKinds.isEmpty ? nil : jobs.report
        plan.diagnostics += missing.diagnostics + jobs.diagnostics + monitors.reachDiagnostics()
        let file = try file(configuration, version)
        let draining = draining()
        try addObjects(version, configuration, file, jobs, sources.files, draining)
        let stalled = withheld.map { Readiness.stalled($0.reason, $0.text) }
        let status = makeStatus(jobs: jobs, readiness: stalled ?? missing.readiness ?? readiness(draining))
        plan.statuses.append(status)
    }

    // MARK: - Configuration

    private mutating func configuration(_ sources: inout CredentialSources) throws(Diagnostic) -> AgentConfiguration {
        var configuration = AgentConfiguration()
        configuration.scrapeInterval = agent.scrapeInterval
        configuration.scrapeTimeout = agent.spec.scrapeTimeout
        for (name, value) in agent.spec.externalLabels ?? [:] { configuration.externalLabels[name] = .text(value) }
        if let label = agent.agentLabel {
            configuration.externalLabels[label] = .text(agent.metadata.key.description)
        }
        if let label = agent.replicaLabel { configuration.externalLabels[label] = .environment("POD_NAME") }
        configuration.sections = sections(&sources)
        if let tls = agent.spec.web?.tlsConfig {
            sources.need(tls, at: "tlsConfig")
            missing.add(sources.takeMissing().awaited, at: FieldPath("spec.web"))
        }
        try addRemoteWrites(to: &configuration, &sources)
        return configuration
    }

    /// The configuration file without its jobs. Adds diagnostics about what is left out.
    private mutating func file(
        _ configuration: AgentConfiguration, _ version: PrometheusVersion
    ) throws(Diagnostic) -> JSON {
        let generated = configuration.generate(for: version)
        for problem in generated.problems where problem.effect != .fatal {
            let isWrite = problem.part.hasPrefix("remote write ")
            let rejected = isWrite ? Self.remoteWriteRejected : "ScrapeConfigRejected"
            let reason = problem.effect == .rejected ? rejected : "FieldNotSupported"
            plan.diagnostics.append(.warning(about, "spec", reason, problem.description))
        }
        guard let json = generated.json else {
            let fatal = generated.problems.filter { $0.effect == .fatal }.map(\.description)
            throw .error(about, "spec", "ConfigurationInvalid", fatal.joined(separator: "; "))
        }
        return json
    }

    // MARK: - Objects

    private mutating func addObjects(
        _ version: PrometheusVersion, _ configuration: AgentConfiguration, _ file: JSON, _ jobs: AgentJobs,
        _ files: FileMounts, _ draining: [DrainingShard]
    ) throws(Diagnostic) {
        var files = files
        let webConfig = PrometheusWebConfig(agent.spec.web, files: &files)
        let workload = AgentWorkload(
            agent: agent, owner: owner, configuration: try configSecrets(version, file, jobs, draining),
            assets: try monitors.assets(jobs, of: AgentNames.name(of: agent.metadata.name)),
            asksAPI: !agent.monitorKinds.isEmpty || !jobs.discovery.isEmpty,
            pod: PrometheusPod(
                agent, version, configuration, files: files, webConfig: webConfig,
                reloaderImage: snapshot.reloaderImage),
            webConfig: webConfig, draining: draining)
        let objects: [Object]
        do throws(FieldError) {
            objects = try workload.objects()
        } catch {
            throw .invalidSpec(about, error)
        }
        let account = agent.spec.serviceAccountName ?? AgentNames.name(of: agent.metadata.name)
        let roles = DiscoveryRoles(
            owner: owner, name: AgentNames.name(of: agent.metadata.name), program: AgentNames.program,
            serviceAccountName: account, discovery: jobs.discovery,
            watched: snapshot.monitoring.watched)
        if let problem = roles.problem {
            plan.diagnostics.append(.warning(about, "spec", "DiscoveryNotAllowed", problem))
        }
        plan.drainTargets = workload.drainTargets
        if workload.pod.web.isLocal {
            plan.diagnostics += draining.map {
                $0.notAnswering("Prometheus listens on the loopback interface of its pods only", about)
            }
        }
        // The copies first: a configuration that names a file is better off with it.
        plan.objects += copies.compactMap { $0.object(owner) } + roles.objects + objects
        plan.keeps.formUnion(copies.filter { $0.object(owner) == nil }.map { $0.kept(owner) })
    }

    // MARK: - Status

    private func readiness(_ draining: [DrainingShard]) -> Readiness {
        let pods = pods
        let rest = draining.message
        if pods.isComplete && pods.ready >= pods.wanted { return .ready("all \(pods.wanted) pods are ready\(rest)") }
        return .waiting(
            "\(pods.ready) of \(pods.wanted) pods are ready\(rest)",
            owner.troubles(AgentNames.component, program: AgentNames.program, in: snapshot))
    }

    /// The progress of the pods. Only the DaemonSet controller knows how many pods a DaemonSet wants.
    var pods: (ready: Int, wanted: Int, isComplete: Bool) {
        let shards = (0..<agent.shards).map { workload(ofShard: $0) }
        let wanted = agent.isNodeLocal ? shards.first??.desired ?? 0 : agent.replicas * agent.shards
        return (shards.reduce(0) { $0 + ($1?.ready ?? 0) }, wanted, shards.allSatisfy { $0?.isReady ?? false })
    }

    private mutating func makeStatus(jobs: AgentJobs?, readiness: Readiness) -> StatusUpdate {
        let selector = AgentWorkload.selector(of: owner).sorted { $0.key < $1.key }
        let pods = pods
        var status: JSON = [
            "observedGeneration": agent.metadata.generation.map { .int($0) } ?? .null,
            "version": JSON(agent.version),
            "desired": JSON(agent.isNodeLocal ? "\(pods.wanted)" : "\(agent.shards)x\(agent.replicas)"),
            "ready": JSON(pods.ready),
            "monitors": jobs.map { JSON($0.accepted) } ?? .null,
            "rejected": jobs.map { JSON($0.rejected) } ?? .null,
            "rejectedMonitors": jobs?.rejectedMonitors ?? .null,
            "shards": JSON(agent.shards),
            "selector": JSON(selector.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
        ]
        status["conditions"] = readiness.conditions(
            over: agent.status?.conditions ?? [], generation: agent.metadata.generation, now: snapshot.now)
        addDelivery(to: &status, readyPods: pods.ready)
        addIdleMonitors(to: &status, jobs)
        return StatusUpdate(resource: PrometheusAgent.resource, key: agent.metadata.key, status: status.droppingNulls)
    }
}
