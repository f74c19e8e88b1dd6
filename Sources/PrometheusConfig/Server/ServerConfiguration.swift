public import Kube

/// The configuration file of a Prometheus server that receives remote writes.
public struct ServerConfiguration: Sendable {
    /// The interval of jobs without one of their own.
    public var scrapeInterval = "30s"
    /// How much older than the newest sample of its series a sample can be.
    public var outOfOrderTimeWindow: String?
    /// The timeout of jobs without one of their own; nil for the default of Prometheus.
    public var scrapeTimeout: String?
    /// The labels that are added to what leaves the server.
    public var externalLabels: [String: String] = [:]
    /// The scrape configurations of Prometheus.
    public var scrapeConfigs: [JSON] = []
    /// The Alertmanagers, as in `alerting.alertmanagers` of Prometheus, by name.
    public var alertmanagers: [(name: String, entry: JSON)] = []
    /// The entries of `remote_read` of Prometheus.
    public var remoteReads: [JSON] = []

    /// The first version with a flag for receiving remote writes.
    private static let firstReceiver = PrometheusVersion(2, 33)
    /// The first version that accepts samples out of order.
    private static let firstOutOfOrder = PrometheusVersion(2, 39)

    /// Creates a configuration without scrape configurations.
    public init() {}

    /// Generates the file for a version of Prometheus.
    ///
    /// A scrape configuration or an entry of `remote_read` that Prometheus would refuse is omitted alone.
    public func generate(for version: PrometheusVersion) -> GeneratedConfiguration {
        guard version >= Self.firstReceiver else {
            let message =
                "Prometheus \(version) cannot receive remote writes; the first version that can is \(Self.firstReceiver)"
            return GeneratedConfiguration(json: nil, problems: [ConfigProblem(.fatal, "", FieldPath(), message)])
        }
        var problems: [ConfigProblem] = []
        var global: JSON = ["scrape_interval": .string(scrapeInterval)]
        if let scrapeTimeout { global["scrape_timeout"] = .string(scrapeTimeout) }
        if !externalLabels.isEmpty {
            global["external_labels"] = JSON(
                externalLabels.mapValues { LabelValue.text($0).written(isExpanded: version.major >= 3) })
        }
        var file: JSON = ["global": global]
        let faults = globalFaults(version)
        guard faults.isEmpty else { return GeneratedConfiguration(json: nil, problems: faults) }
        let scrapes = ScrapeConfigChecks(version: version, scrapeInterval: scrapeInterval)
            .accepted(scrapeConfigs, &problems)
        if !scrapes.isEmpty { file["scrape_configs"] = .array(scrapes) }
        let alertmanagers = acceptedAlertmanagers(version, &problems)
        if !alertmanagers.isEmpty { file["alerting"] = ["alertmanagers": .array(alertmanagers)] }
        if let outOfOrderTimeWindow {
            if version >= Self.firstOutOfOrder {
                file["storage"] = ["tsdb": ["out_of_order_time_window": .string(outOfOrderTimeWindow)]]
            } else {
                let field = FieldPath("storage.tsdb.out_of_order_time_window")
                problems.append(.tooOld("", field, Self.firstOutOfOrder, version))
            }
        }
        let reads = acceptedRemoteReads(version, &problems)
        if !reads.isEmpty { file["remote_read"] = .array(reads) }
        return GeneratedConfiguration(json: file, problems: problems)
    }

    /// What Prometheus would refuse of the settings that affect everything.
    private func globalFaults(_ version: PrometheusVersion) -> [ConfigProblem] {
        var faults: [ConfigProblem] = []
        func fault(_ path: FieldPath, _ message: String) { faults.append(ConfigProblem(.fatal, "", path, message)) }
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
        for name in externalLabels.keys.sorted() where !LabelName.isValid(name) {
            fault(global.appending("external_labels").appending(name), LabelName.problem(name))
        }
        if let window = outOfOrderTimeWindow, PrometheusDuration(window) == nil {
            fault(FieldPath("storage.tsdb.out_of_order_time_window"), PrometheusDuration.problem(window))
        }
        return faults
    }

    private func acceptedAlertmanagers(_ version: PrometheusVersion, _ problems: inout [ConfigProblem]) -> [JSON] {
        alertmanagers.compactMap { name, entry in
            let found = ConfigTable.alertmanager.problems(entry, for: version)
            problems += found.map { ConfigProblem(.rejected, "alertmanager \"\(name)\"", $0.path, $0.problem) }
            return found.isEmpty ? entry : JSON?.none
        }
    }

    private func acceptedRemoteReads(_ version: PrometheusVersion, _ problems: inout [ConfigProblem]) -> [JSON] {
        var names: Set<String> = []
        return remoteReads.enumerated().compactMap { index, entry in
            let members = entry.object ?? [:]
            let name = members["name"]?.string
            var found = RemoteEndpointChecks.problems(url: members["url"]?.string ?? "")
            found += RemoteEndpointChecks.problems(headers: members["headers"]?.strings ?? [:])
            let strict = Set(found.map(\.path.steps.first))
            found += ConfigTable.remoteRead.problems(entry, for: version).filter {
                !strict.contains($0.path.steps.first)
            }
            if let name, !names.insert(name).inserted {
                found.append(FieldError(FieldPath("name"), "is used twice; names should be unique"))
            }
            let part = "remote read \(name.map { "\"\($0)\"" } ?? String(index))"
            problems += found.map { ConfigProblem(.rejected, part, $0.path, $0.problem) }
            return found.isEmpty ? entry : JSON?.none
        }
    }
}
