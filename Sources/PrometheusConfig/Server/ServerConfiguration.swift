public import Kube

/// The configuration file of a Prometheus server that receives remote writes.
public struct ServerConfiguration: Sendable, Hashable {
    /// The interval of jobs without one of their own.
    public var scrapeInterval = "30s"
    /// How much older than the newest sample of its series a sample can be.
    public var outOfOrderTimeWindow: String?
    /// The scrape configurations of Prometheus.
    public var scrapeConfigs: [JSON] = []
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
        var file: JSON = ["global": ["scrape_interval": .string(scrapeInterval)]]
        let scrapes = ScrapeConfigChecks(version: version, scrapeInterval: scrapeInterval)
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
