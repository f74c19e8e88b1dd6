public import Kube

/// The configuration file of a Prometheus in agent mode.
public struct AgentConfiguration: Sendable, Hashable {
    /// The scrape interval; nil for the default of Prometheus, 1 minute.
    public var scrapeInterval: String?
    /// The scrape timeout; nil for the default of Prometheus, 10 seconds.
    public var scrapeTimeout: String?
    /// The labels that are added to every series that is sent.
    public var externalLabels: [String: LabelValue] = [:]
    /// The other sections of the file, such as limits, `storage` and `otlp`.
    public var sections = AgentSections()
    /// The scrape configurations of Prometheus.
    public var scrapeConfigs: [JSON] = []
    /// The remote writes; an agent needs at least one.
    public var remoteWrite: [RemoteWrite] = []

    /// Creates an empty configuration.
    public init() {}

    /// Generates the file for a version of Prometheus.
    ///
    /// A scrape configuration or remote write that Prometheus would refuse is omitted alone. Settings that affect all
    /// series, such as labels, are never omitted: if they are wrong, there is no file.
    public func generate(for version: PrometheusVersion) -> GeneratedConfiguration {
        var problems = globalProblems(version)
        let sections = self.sections.written(for: version)
        problems += sections.leftOut.map { ConfigProblem(.dropped, "", $0.path, $0.problem) }
        var global: JSON.Members = [:]
        if let scrapeInterval { global["scrape_interval"] = .string(scrapeInterval) }
        if let scrapeTimeout { global["scrape_timeout"] = .string(scrapeTimeout) }
        global["scrape_protocols"] = sections.scrapeProtocols
        if !externalLabels.isEmpty {
            let expands = AgentArguments.expandsExternalLabels(self, for: version)
            global["external_labels"] = JSON(externalLabels.mapValues { $0.written(isExpanded: expands) })
        }
        for (key, value) in sections.limits { global[key] = value }
        for (key, value) in sections.global { global[key] = value }

        let checks = ScrapeConfigChecks(version: version, scrapeInterval: scrapeInterval)
        let scrapes = checks.accepted(scrapeConfigs, &problems)
        let writes = writtenRemoteWrites(version, &problems)
        guard !problems.contains(where: { $0.effect == .fatal }) else {
            return GeneratedConfiguration(json: nil, problems: problems)
        }
        var file: JSON = [:]
        if !global.isEmpty { file["global"] = .object(global) }
        file["runtime"] = sections.runtime
        if !scrapes.isEmpty { file["scrape_configs"] = .array(scrapes) }
        file["storage"] = sections.storage
        file["remote_write"] = .array(writes)
        file["otlp"] = sections.otlp
        file["tracing"] = sections.tracing
        return GeneratedConfiguration(json: file, problems: problems)
    }

    private func globalProblems(_ version: PrometheusVersion) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func fault(_ path: FieldPath, _ message: String) { problems.append(ConfigProblem(.fatal, "", path, message)) }
        if version < .firstAgent {
            fault(
                FieldPath(),
                "Prometheus \(version) has no agent mode; the first version with it is \(PrometheusVersion.firstAgent)")
        }
        let global = FieldPath("global")
        for (key, text) in [("scrape_interval", scrapeInterval), ("scrape_timeout", scrapeTimeout)] {
            if let text, PrometheusDuration(text) == nil {
                fault(global.appending(key), PrometheusDuration.problem(text))
            }
        }
        let interval = ScrapeConfigChecks(version: version, scrapeInterval: scrapeInterval).defaultInterval
        if let timeout = scrapeTimeout.flatMap(PrometheusDuration.init), let interval, timeout > interval {
            fault(global.appending("scrape_timeout"), "\(timeout) is longer than the scrape interval \(interval)")
        }
        for name in externalLabels.keys.sorted() {
            let path = global.appending("external_labels").appending(name)
            if !LabelName.isValid(name) { fault(path, LabelName.problem(name)) }
            if case .environment(let variable) = externalLabels[name], !LabelName.isValid(variable) {
                fault(path, "\"\(variable)\" is not a valid name of an environment variable")
            }
        }
        return problems
    }

    /// The remote writes that Prometheus accepts.
    ///
    /// Each of the others is omitted alone, unless none would be left.
    private func writtenRemoteWrites(_ version: PrometheusVersion, _ problems: inout [ConfigProblem]) -> [JSON] {
        var names: Set<String> = []
        var written: [JSON] = []
        var refused: [ConfigProblem] = []
        for (index, write) in remoteWrite.enumerated() {
            let part = "remote write \(write.name.map { "\"\($0)\"" } ?? String(index))"
            var found = write.problems(for: version, part: part)
            if let name = write.name, !names.insert(name).inserted {
                found.append(ConfigProblem(.rejected, part, FieldPath("name"), "is used twice; names should be unique"))
            }
            let json = write.json(for: version, part: part, problems: &found)
            if found.contains(where: { $0.effect == .rejected }) {
                refused += found.filter { $0.effect == .rejected }
            } else {
                problems += found
                written.append(json)
            }
        }
        problems += refused.map { problem in
            var problem = problem
            if written.isEmpty { problem.effect = .fatal }
            return problem
        }
        return written
    }
}
