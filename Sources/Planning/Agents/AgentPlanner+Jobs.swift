import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// The jobs of an agent, those that are new or changed made now.
    func findJobs(_ version: PrometheusVersion) throws(Diagnostic) -> AgentJobs {
        let settings: MonitorSettings
        do throws(FieldError) {
            settings = try MonitorSettings(agent, version: version)
        } catch {
            throw .invalidSpec(about, error)
        }
        let shape = AgentJobCache.Shape(
            settings: settings, scrapeInterval: agent.scrapeInterval, shards: agent.shards)
        return cache.with(agent.metadata.key) { AgentJobs(agent, shape, snapshot.monitoring, &$0) }
    }

    /// Notes the Secrets and ConfigMaps that the agent's own settings refer to; returns whether some were not looked at
    /// yet, so that the plan is none.
    mutating func waits(for credentials: CredentialResolver) -> Bool {
        plan.credentialSources.formUnion(credentials.asked.map { CredentialSource(of: $0) })
        guard credentials.asked.contains(where: { snapshot.monitoring.find($0) == .unknown }) else { return false }
        wait()
        return true
    }

    /// A plan that is none before more is known: it says what that is.
    mutating func wait() {
        let sources = plan.credentialSources
        plan = Plan()
        plan.credentialSources = sources
        plan.isWaiting = true
        plan.keepsExisting = true
    }

    /// What keeps monitors from being found at all.
    func reachDiagnostics() -> [Diagnostic] {
        let monitoring = snapshot.monitoring
        return agent.monitorKinds.flatMap { kind -> [Diagnostic] in
            let field = "spec.\(kind.rawValue.prefix(1).lowercased())\(kind.rawValue.dropFirst())"
            var found: [Diagnostic] = []
            if monitoring.unserved.contains(kind) {
                found.append(
                    .warning(
                        about, "\(field)Selector", "KindNotServed",
                        "the cluster knows no \(kind.rawValue)s: the definition \(kind.resource) is not installed"))
            }
            if let only = monitoring.onlyNamespace, agent.selectors(of: kind).namespaces != nil {
                found.append(
                    .warning(
                        about, "\(field)NamespaceSelector", "NamespacesOutOfReach",
                        "is followed for namespace \(only) alone: the operator is installed for this namespace"))
            }
            return found
        }
    }

    // MARK: - Secrets

    /// The Secrets with the configuration, in as many parts as it takes; notes which former ones pods still mount.
    mutating func configSecrets(
        _ version: PrometheusVersion, _ file: JSON, _ jobs: AgentJobs, _ draining: [DrainingShard]
    ) throws(Diagnostic) -> ConfigSecrets {
        let text = ConfigSecrets.text(around: file)
        let layout = ConfigLayout(jobs: jobs.jobs, otherBytes: text.head.utf8.count + text.tail.utf8.count + 64)
        let shards = Array(0..<agent.shards) + draining.map(\.number)
        let names = shards.map { AgentNames.name(of: agent.metadata.name, shard: $0) }
        let namespace = owner.namespace
        func secret(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }
        let now = ConfigLayout.steps.last { parts in
            parts > 1 && snapshot.configParts[secret(ConfigSecrets.mainName(names[0], parts: parts))] == parts
        }
        guard let parts = layout.parts(now: now) else {
            throw .error(
                about, "spec", "ConfigurationTooLarge",
                "the jobs of its monitors do not fit into \(ConfigLayout.steps.last ?? 1) Secrets: select fewer")
        }
        guard parts == 1 || version >= Self.firstWithScrapeConfigFiles else {
            throw .error(
                about, "spec.version", "ConfigurationTooLarge",
                "\(version) reads its jobs from one file, and they are too large for one Secret: "
                    + "\(Self.firstWithScrapeConfigFiles) is the first that reads several")
        }
        for (shard, name) in zip(shards, names) {
            guard let set = workload(ofShard: shard),
                set.configParts != parts || !set.isObserved || !set.isUpdated
            else { continue }
            for former in ConfigLayout.steps where former != parts {
                for name in ConfigSecrets.names(name, parts: former) {
                    plan.keeps.insert(.init(.secrets, secret(name)))
                }
            }
        }
        return cache.with(agent.metadata.key) { cache in
            ConfigSecrets(
                file, layout, parts: parts, shardNames: names, scraping: agent.shards, &cache)
        }
    }

    private static var firstWithScrapeConfigFiles: PrometheusVersion { PrometheusVersion(2, 43) }

    /// The Secrets with the credentials of monitors; nil for an agent that selects none.
    func assets(_ jobs: AgentJobs) throws(Diagnostic) -> AssetSecrets? {
        // There also where nothing is in it yet: another volume would be another pod.
        guard !agent.monitorKinds.isEmpty else { return nil }
        let files = jobs.files.compactMap { reference -> (name: String, content: [UInt8])? in
            guard case .value(let content) = snapshot.monitoring.find(reference) else { return nil }
            return (reference.fileName, content)
        }
        guard let assets = AssetSecrets(files, agent: agent.metadata.name) else {
            throw .error(
                about, "spec", "CredentialsTooLarge",
                "the credentials of its monitors have \(files.reduce(0) { $0 + $1.content.count }) bytes, "
                    + "more than fits into 16 Secrets: select fewer")
        }
        return assets
    }
}

// MARK: - Status

extension AgentJobs {
    /// How many monitors and scrape configurations are taken in.
    var accepted: Int { report.accepted.values.reduce(ownAccepted, +) }
    /// How many are left out.
    var rejected: Int { report.rejected.count + ownRejected }

    /// The monitors that are left out, as many as a status names.
    var rejectedMonitors: JSON {
        guard !report.rejected.isEmpty else { return .null }
        let named = report.rejected.prefix(RejectedMonitor.mostInStatus).map { finding -> JSON in
            [
                "kind": JSON(finding.kind.rawValue), "namespace": JSON(finding.key.namespace),
                "name": JSON(finding.key.name), "reason": JSON(finding.reason),
                "message": JSON(String(finding.message.prefix(1000))),
            ]
        }
        return .array(Array(named))
    }
}
