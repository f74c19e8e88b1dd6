import Kube
import PrometheusConfig
import TributaryAPI
import YAML

extension Snapshot {
    /// What one agent needs: its configuration, its pods, who they run as, and its status.
    func planAgent(_ agent: PrometheusAgent) -> Plan {
        guard !agent.isPaused else { return Plan(paused: agent, now: now) }
        let about = PlanKey.agent(agent.metadata.key)
        let owner = Owner(resource: PrometheusAgent.resource, metadata: agent.metadata)
        var plan = Plan()
        var files = FileMounts()
        var missing = MissingCredentials(about: about)
        var jobs: AgentJobs?
        var draining: [DrainingShard] = []
        do throws(Diagnostic) {
            if let error = agent.validate().first {
                throw Diagnostic(
                    severity: .error, about: about, field: error.path, reason: "InvalidSpec", message: error.problem)
            }
            guard let version = PrometheusVersion(agent.version) else {
                throw .error(about, "spec.version", "InvalidSpec", "\"\(agent.version)\" is no version, such as v3.5.0")
            }
            var sources = CredentialSources(
                version: version, namespace: owner.namespace, files: files,
                credentials: CredentialResolver { monitoring.found($0, listingKeys: true) })
            let configuration: AgentConfiguration
            do throws(Diagnostic) {
                configuration = try self.configuration(of: agent, about, &sources, &missing, &plan)
            } catch {
                guard note(sources.credentials, &plan) else { throw error }
                return plan
            }
            guard !note(sources.credentials, &plan) else { return plan }
            files = sources.files
            let found = try findJobs(of: agent, version, about)
            plan.credentialSources.formUnion(found.sources)
            guard !found.isWaiting else { return waiting(plan) }
            jobs = found
            plan.monitors = agent.monitorKinds.isEmpty ? nil : found.report
            plan.diagnostics += missing.diagnostics + found.diagnostics + reachDiagnostics(of: agent, about)
            let file = try file(configuration, version, about, &plan)
            draining = self.draining(of: agent, &plan)
            try addObjects(agent, owner, version, configuration, file, found, files, draining, &plan)
        } catch {
            // The last good configuration goes on working.
            plan.keepsExisting = true
            plan.diagnostics.append(error)
            // A Secret is often made by others, and a little later.
            let readiness: Readiness =
                error.reason == MissingCredentials.reason
                ? .progressing(reason: error.reason, message: error.text) : .stalled(error.reason, error.text)
            plan.statuses.append(status(of: agent, owner, jobs: nil, readiness: readiness))
            return plan
        }
        let readiness = missing.readiness ?? readiness(of: agent, owner, draining)
        plan.statuses.append(status(of: agent, owner, jobs: jobs, readiness: readiness))
        return plan
    }

    // MARK: - Configuration

    private func configuration(
        of agent: PrometheusAgent, _ about: PlanKey, _ sources: inout CredentialSources,
        _ missing: inout MissingCredentials, _ plan: inout Plan
    ) throws(Diagnostic) -> AgentConfiguration {
        var configuration = AgentConfiguration()
        configuration.scrapeInterval = agent.scrapeInterval
        configuration.scrapeTimeout = agent.spec.scrapeTimeout
        for (name, value) in agent.spec.externalLabels ?? [:] { configuration.externalLabels[name] = .text(value) }
        if let label = agent.agentLabel {
            configuration.externalLabels[label] = .text(agent.metadata.key.description)
        }
        if let label = agent.replicaLabel { configuration.externalLabels[label] = .environment("POD_NAME") }
        configuration.sections = sections(of: agent, &sources, &missing)
        if let tls = agent.spec.web?.tlsConfig {
            sources.need(tls, at: "tlsConfig")
            missing.add(sources.takeMissing().awaited, at: FieldPath("spec.web"))
        }
        try addRemoteWrites(of: agent, about, &sources, &configuration, &missing, &plan)
        return configuration
    }

    /// The configuration but for its jobs; notes what was left out.
    private func file(
        _ configuration: AgentConfiguration, _ version: PrometheusVersion, _ about: PlanKey, _ plan: inout Plan
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

    private func addObjects(
        _ agent: PrometheusAgent, _ owner: Owner, _ version: PrometheusVersion, _ configuration: AgentConfiguration,
        _ file: JSON, _ jobs: AgentJobs, _ files: FileMounts, _ draining: [DrainingShard],
        _ plan: inout Plan
    ) throws(Diagnostic) {
        let workload = AgentWorkload(
            agent: agent, owner: owner,
            configuration: try configSecrets(of: agent, version, file, jobs, draining: draining, &plan),
            assets: try assets(of: agent, jobs), asksAPI: !agent.monitorKinds.isEmpty || !jobs.discovery.isEmpty,
            pod: PrometheusPod(agent, version, configuration, files: files, reloaderImage: reloaderImage),
            draining: draining)
        let account = agent.spec.serviceAccountName ?? AgentWorkload.name(of: agent.metadata.name)
        let roles = DiscoveryRoles(
            owner: owner, serviceAccountName: account, discovery: jobs.discovery,
            onlyNamespace: monitoring.onlyNamespace)
        if let problem = roles.problem {
            plan.diagnostics.append(.warning(.agent(agent.metadata.key), "spec", "DiscoveryNotAllowed", problem))
        }
        plan.drainTargets = workload.drainTargets
        if workload.pod.web.isLocal {
            plan.diagnostics += draining.map {
                $0.notAnswering("Prometheus listens on its pods' loopback only", .agent(agent.metadata.key))
            }
        }
        plan.objects += roles.objects + workload.objects
    }

    // MARK: - Status

    private func readiness(of agent: PrometheusAgent, _ owner: Owner, _ draining: [DrainingShard]) -> Readiness {
        let pods = pods(of: agent, owner)
        let rest = draining.message
        if pods.isComplete && pods.ready >= pods.wanted { return .ready("all \(pods.wanted) pods are ready\(rest)") }
        return .progressing(
            reason: "WaitingForPods", message: "\(pods.ready) of \(pods.wanted) pods are ready\(rest)")
    }

    /// How far the pods are. How many a DaemonSet wants, only its controller says.
    private func pods(of agent: PrometheusAgent, _ owner: Owner) -> (ready: Int, wanted: Int, isComplete: Bool) {
        let shards = (0..<agent.shards).map { workload(of: agent, shard: $0) }
        let wanted = agent.isNodeLocal ? shards[0]?.desired ?? 0 : agent.replicas * agent.shards
        return (shards.reduce(0) { $0 + ($1?.ready ?? 0) }, wanted, shards.allSatisfy { $0?.isReady ?? false })
    }

    private func status(
        of agent: PrometheusAgent, _ owner: Owner, jobs: AgentJobs?, readiness: Readiness
    ) -> StatusUpdate {
        let selector = AgentWorkload.selector(of: owner).sorted { $0.key < $1.key }
        let pods = pods(of: agent, owner)
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
            over: agent.status?.conditions ?? [], generation: agent.metadata.generation, now: now)
        return StatusUpdate(resource: PrometheusAgent.resource, key: agent.metadata.key, status: status.droppingNulls)
    }
}
