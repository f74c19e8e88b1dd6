import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// What becomes of the monitors that a Prometheus selects: its jobs, the Secrets with its configuration, and the permissions
/// of its pods. Agents and central Prometheus servers have it in common.
struct MonitorPlanning {
    /// What selects the monitors; a central Prometheus is the agent that would scrape the same.
    let agent: PrometheusAgent
    let about: PlanKey
    let snapshot: Snapshot
    let cache: JobCache

    private var namespace: String { agent.metadata.namespace ?? "default" }
    /// The field with the specification.
    private var specField: String { about.resource == PrometheusAgent.resource ? "spec" : "spec.prometheus" }

    /// The jobs. Makes only those that are new or have changed.
    ///
    /// `reserved` are names of jobs that are made elsewhere.
    func findJobs(_ version: PrometheusVersion, reserved: Set<String> = []) throws(Diagnostic) -> AgentJobs {
        let settings: MonitorSettings
        do throws(FieldError) {
            settings = try MonitorSettings(agent, version: version)
        } catch {
            throw .invalidSpec(about, error)
        }
        let shape = AgentJobCache.Shape(
            settings: settings, scrapeInterval: agent.scrapeInterval, shards: agent.shards)
        let idle = if case .agent(let key) = about { snapshot.idleJobs[key] ?? [] } else { Set<String>() }
        return cache.with(about) {
            AgentJobs(agent, about: about, shape, snapshot.monitoring, idle: idle, reserved: reserved, &$0)
        }
    }

    /// Diagnostics about monitors that cannot be found at all.
    func reachDiagnostics() -> [Diagnostic] {
        let monitoring = snapshot.monitoring
        return agent.monitorKinds.flatMap { kind -> [Diagnostic] in
            let field = "\(specField).\(kind.rawValue.prefix(1).lowercased())\(kind.rawValue.dropFirst())"
            var found: [Diagnostic] = []
            if monitoring.unserved.contains(kind) {
                found.append(
                    .warning(
                        about, "\(field)Selector", "KindNotServed",
                        "the cluster does not serve \(kind.rawValue)s: the CustomResourceDefinition "
                            + "\(snapshot.monitorGroup.resource(of: kind)) is not installed"))
            }
            if !monitoring.watched.isAll, agent.selectors(of: kind).namespaces != nil {
                found.append(
                    .warning(
                        about, "\(field)NamespaceSelector", "NamespacesOutOfReach",
                        "selects only in \(monitoring.watched): the operator is installed for no others"))
            }
            return found
        }
    }

    /// The Secrets with the configuration, in as many parts as needed. Keeps former Secrets that pods still mount.
    ///
    /// `names` are those of the workloads, and `workloads` what exists of them. The first `scraping` ones get the jobs.
    func configSecrets(
        _ version: PrometheusVersion, _ file: JSON, _ jobs: [RenderedJob], names: [String], scraping: Int,
        workloads: [Workload?], keeps: inout Set<Plan.Kept>
    ) throws(Diagnostic) -> ConfigSecrets {
        let text = ConfigSecrets.text(around: file)
        let layout = ConfigLayout(jobs: jobs, otherBytes: text.head.utf8.count + text.tail.utf8.count + 64)
        let namespace = namespace
        func secret(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }
        let now = ConfigLayout.steps.last { parts in
            parts > 1 && snapshot.configParts[secret(ConfigSecrets.mainName(names[0], parts: parts))] == parts
        }
        guard let parts = layout.parts(now: now) else {
            throw .error(
                about, specField, "ConfigurationTooLarge",
                "the jobs of its monitors do not fit into \(ConfigLayout.steps.last ?? 1) Secrets: select fewer")
        }
        guard parts == 1 || version >= Self.firstWithScrapeConfigFiles else {
            throw .error(
                about, "\(specField).version", "ConfigurationTooLarge",
                "Prometheus \(version) reads all jobs from one file, and they do not fit into one Secret: "
                    + "\(Self.firstWithScrapeConfigFiles) is the first version that reads several files")
        }
        for (workload, name) in zip(workloads, names) {
            guard let workload, workload.configParts != parts || !workload.isObserved || !workload.isUpdated
            else { continue }
            for former in ConfigLayout.steps where former != parts {
                for name in ConfigSecrets.names(name, parts: former) { keeps.insert(.init(.secrets, secret(name))) }
            }
        }
        return cache.with(about) { cache in
            ConfigSecrets(file, layout, parts: parts, shardNames: names, scraping: scraping, &cache)
        }
    }

    private static var firstWithScrapeConfigFiles: PrometheusVersion { PrometheusVersion(2, 43) }

    /// The Secrets with the credentials of monitors; nil if no monitors are selected.
    func assets(_ jobs: AgentJobs, of workload: String) throws(Diagnostic) -> AssetSecrets? {
        // It exists even while it is empty: adding the volume later would recreate the pods.
        guard !agent.monitorKinds.isEmpty else { return nil }
        let files = jobs.files.compactMap { reference -> (name: String, content: [UInt8])? in
            guard case .value(let content) = snapshot.monitoring.find(reference) else { return nil }
            return (reference.fileName, content)
        }
        guard let assets = AssetSecrets(files, of: workload) else {
            throw .error(
                about, specField, "CredentialsTooLarge",
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
