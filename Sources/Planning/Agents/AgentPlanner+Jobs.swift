import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// The jobs of an agent. Makes only those that are new or have changed.
    func findJobs(_ version: PrometheusVersion) throws(Diagnostic) -> AgentJobs {
        let settings: MonitorSettings
        do throws(FieldError) {
            settings = try MonitorSettings(agent, version: version)
        } catch {
            throw .invalidSpec(about, error)
        }
        let shape = AgentJobCache.Shape(
            settings: settings, scrapeInterval: agent.scrapeInterval, shards: agent.shards)
        let idle = snapshot.idleJobs[agent.metadata.key] ?? []
        return cache.with(agent.metadata.key) { AgentJobs(agent, shape, snapshot.monitoring, idle: idle, &$0) }
    }

    /// Records the Secrets and ConfigMaps that the agent's own settings refer to. Returns whether some have not been
    /// read yet; then there is no plan yet.
    mutating func waits(for credentials: CredentialResolver) -> Bool {
        plan.credentialSources.formUnion(credentials.asked.map { CredentialSource(of: $0) })
        guard credentials.asked.contains(where: { snapshot.monitoring.find($0) == .unknown }) else { return false }
        wait()
        return true
    }

    /// Replaces the plan with an empty one that names what must be read first.
    mutating func wait() {
        let sources = plan.credentialSources
        plan = Plan()
        plan.credentialSources = sources
        plan.isWaiting = true
        plan.keepsExisting = true
    }

    /// Diagnostics about monitors that the agent cannot find at all.
    func reachDiagnostics() -> [Diagnostic] {
        let monitoring = snapshot.monitoring
        return agent.monitorKinds.flatMap { kind -> [Diagnostic] in
            let field = "spec.\(kind.rawValue.prefix(1).lowercased())\(kind.rawValue.dropFirst())"
            var found: [Diagnostic] = []
            if monitoring.unserved.contains(kind) {
                found.append(
                    .warning(
                        about, "\(field)Selector", "KindNotServed",
                        "the cluster does not serve \(kind.rawValue)s: the CustomResourceDefinition "
                            + "\(snapshot.monitorGroup.resource(of: kind)) is not installed"))
            }
            if let only = monitoring.onlyNamespace, agent.selectors(of: kind).namespaces != nil {
                found.append(
                    .warning(
                        about, "\(field)NamespaceSelector", "NamespacesOutOfReach",
                        "selects only in namespace \(only): the operator is installed for this namespace alone"))
            }
            return found
        }
    }

    // MARK: - Secrets

    /// The Secrets with the configuration, in as many parts as needed. Keeps former Secrets that pods still mount.
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
                "Prometheus \(version) reads all jobs from one file, and they do not fit into one Secret: "
                    + "\(Self.firstWithScrapeConfigFiles) is the first version that reads several files")
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

    /// The Secrets with the credentials of monitors; nil if the agent selects no monitors.
    func assets(_ jobs: AgentJobs) throws(Diagnostic) -> AssetSecrets? {
        // It exists even while it is empty: adding the volume later would recreate the pods.
        guard !agent.monitorKinds.isEmpty else { return nil }
        let files = jobs.files.compactMap { reference -> (name: String, content: [UInt8])? in
            guard case .value(let content) = snapshot.monitoring.find(reference) else { return nil }
            return (reference.fileName, content)
        }
        guard let assets = AssetSecrets(files, agent: agent.metadata.name) else {
            throw .error(
                about, "spec", "CredentialsTooLarge",
                "the credentials of its monitors have \(files.reduce(0) { $0 + $1.content.count }) bytes, "
                    + "which do not fit into 16 Secrets: select fewer")
        }
        return assets
    }
}

// MARK: - Status

extension AgentJobs {
    /// The number of accepted monitors and scrape configurations.
    var accepted: Int { report.accepted.values.reduce(ownAccepted, +) }
    /// The number of rejected monitors and scrape configurations.
    var rejected: Int { report.rejected.count + ownRejected }

    /// The rejected monitors, up to the number that a status lists.
    var rejectedMonitors: JSON {
        guard !report.rejected.isEmpty else { return .null }
        return .array(report.rejected.prefix(ListedMonitor.mostRejected).map(\.listed))
    }

    /// The monitors without targets, up to the number that a status lists.
    var monitorsWithoutTargets: JSON {
        guard !report.withoutTargets.isEmpty else { return .null }
        return .array(report.withoutTargets.map(\.listed))
    }
}

extension MonitorFinding {
    /// The finding as an element of a list in a status.
    fileprivate var listed: JSON {
        [
            "kind": JSON(kind.rawValue), "namespace": JSON(key.namespace), "name": JSON(key.name),
            "reason": JSON(reason), "message": JSON(String(message.prefix(1000))),
        ]
    }
}
