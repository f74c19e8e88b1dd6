public import Kube
import OrderedCollections
import YAML

/// What the configuration file of a Prometheus in agent mode says.
public struct AgentConfiguration: Sendable, Hashable {
    /// How often targets are scraped; nil is Prometheus's default of 1 minute.
    public var scrapeInterval: String?
    /// How long a scrape may take; nil is Prometheus's default of 10 seconds.
    public var scrapeTimeout: String?
    /// The labels that every series gets on its way out.
    public var externalLabels: [String: LabelValue] = [:]
    /// What else stands in the file for all jobs, such as limits, `storage` and `otlp`.
    public var sections = AgentSections()
    /// The scrape configurations, as Prometheus has them.
    public var scrapeConfigs: [JSON] = []
    /// Where series are sent; an agent needs at least one.
    public var remoteWrite: [RemoteWrite] = []

    /// An empty configuration.
    public init() {}

    /// The file for a version of Prometheus, as far as it can be made.
    ///
    /// A scrape configuration or a place to send to that Prometheus would refuse is left out alone. What concerns all
    /// series (labels, somewhere to send them) is never left out: there is no file then.
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

        let scrapes = ScrapeConfigChecks(version: version, defaultInterval: interval).accepted(scrapeConfigs, &problems)
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
            fault(FieldPath(), "Prometheus \(version) has no agent mode: \(PrometheusVersion.firstAgent) is the first")
        }
        let global = FieldPath("global")
        for (key, text) in [("scrape_interval", scrapeInterval), ("scrape_timeout", scrapeTimeout)] {
            if let text, PrometheusDuration(text) == nil {
                fault(global.appending(key), "\"\(text)\" is no duration, such as 30s or 1m")
            }
        }
        if let timeout = scrapeTimeout.flatMap(PrometheusDuration.init), let interval, timeout > interval {
            fault(global.appending("scrape_timeout"), "\(timeout) is longer than the scrape interval \(interval)")
        }
        for name in externalLabels.keys.sorted() {
            let path = global.appending("external_labels").appending(name)
            if !LabelName.isValid(name) { fault(path, "\"\(name)\" is no label name") }
            if case .environment(let variable) = externalLabels[name], !LabelName.isValid(variable) {
                fault(path, "\"\(variable)\" is no name of an environment variable")
            }
        }
        return problems
    }

    /// The interval of jobs that have none of their own; nil where it cannot be read.
    private var interval: PrometheusDuration? {
        guard let given = scrapeInterval.flatMap(PrometheusDuration.init), given.milliseconds > 0 else {
            return PrometheusDuration("1m")
        }
        return given
    }

    /// The places to send to that Prometheus takes; the others are left out alone, but for the last one.
    private func writtenRemoteWrites(_ version: PrometheusVersion, _ problems: inout [ConfigProblem]) -> [JSON] {
        // Prometheus itself would take it, and lose everything in silence.
        if remoteWrite.isEmpty {
            problems.append(
                ConfigProblem(.fatal, "", FieldPath("remote_write"), "is empty: an agent has to send somewhere"))
        }
        var names: Set<String> = []
        var written: [JSON] = []
        var refused: [ConfigProblem] = []
        for (index, write) in remoteWrite.enumerated() {
            let part = "remote write \(write.name.map { "\"\($0)\"" } ?? String(index))"
            var found = write.problems(for: version, part: part)
            if let name = write.name, !names.insert(name).inserted {
                found.append(ConfigProblem(.rejected, part, FieldPath("name"), "is given twice, names are unique"))
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

extension GeneratedConfiguration {
    /// The file's text, nil where a problem is fatal; equal content gives equal text, to the byte.
    public var yaml: String? { json.map { YAML.write($0) } }
}
