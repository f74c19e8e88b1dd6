public import Kube

/// What the configuration file of a Prometheus server says that receives remote writes.
public struct ServerConfiguration: Sendable, Hashable {
    /// How often targets are scraped, where their own configuration does not say.
    public var scrapeInterval = "30s"
    /// How much older than the newest sample of a series one may be.
    public var outOfOrderTimeWindow: String?
    /// The scrape configurations, as Prometheus has them.
    public var scrapeConfigs: [JSON] = []
    /// The `remote_read` entries, as Prometheus has them.
    public var remoteReads: [JSON] = []

    /// The first version that can receive remote writes by a flag.
    private static let firstReceiver = PrometheusVersion(2, 33)
    /// The first version that takes samples out of order.
    private static let firstOutOfOrder = PrometheusVersion(2, 39)

    /// A server that scrapes nothing.
    public init() {}

    /// The file for a version of Prometheus, as far as it can be made: a scrape configuration or an entry of
    /// `remote_read` that Prometheus would refuse is left out alone.
    public func generate(for version: PrometheusVersion) -> GeneratedConfiguration {
        guard version >= Self.firstReceiver else {
            let message = "Prometheus \(version) cannot receive remote writes: \(Self.firstReceiver) is the first"
            return GeneratedConfiguration(json: nil, problems: [ConfigProblem(.fatal, "", FieldPath(), message)])
        }
        var problems: [ConfigProblem] = []
        var file: JSON = ["global": ["scrape_interval": .string(scrapeInterval)]]
        let scrapes = ScrapeConfigChecks(version: version, defaultInterval: PrometheusDuration(scrapeInterval))
            .accepted(scrapeConfigs, &problems)
        if !scrapes.isEmpty { file["scrape_configs"] = .array(scrapes) }
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

    private func acceptedRemoteReads(_ version: PrometheusVersion, _ problems: inout [ConfigProblem]) -> [JSON] {
        var names: Set<String> = []
        return remoteReads.enumerated().compactMap { index, entry in
            let members = entry.object ?? [:]
            let name = members["name"]?.string
            var found = HTTPClientChecks(version: version).problems(members)
            found += URLChecks.problems(members["url"]?.string ?? "").map { FieldError(FieldPath("url"), $0) }
            found += HeaderChecks.problems(members["headers"]?.strings ?? [:]).map {
                FieldError(FieldPath("headers"), $0)
            }
            for label in members["required_matchers"]?.object?.keys ?? []
            where version.major < 3 && !LabelName.isValid(label) {
                found.append(FieldError(FieldPath("required_matchers"), "\"\(label)\" is no label name"))
            }
            if let timeout = members["remote_timeout"]?.string, PrometheusDuration(timeout) == nil {
                found.append(
                    FieldError(FieldPath("remote_timeout"), "\"\(timeout)\" is no duration, such as 30s or 1m"))
            }
            if let name, !names.insert(name).inserted {
                found.append(FieldError(FieldPath("name"), "is given twice, names are unique"))
            }
            let part = "remote read \(name.map { "\"\($0)\"" } ?? String(index))"
            problems += found.map { ConfigProblem(.rejected, part, $0.path, $0.problem) }
            return found.isEmpty ? entry : JSON?.none
        }
    }
}
