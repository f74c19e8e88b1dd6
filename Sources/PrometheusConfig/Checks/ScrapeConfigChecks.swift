public import Kube

/// Checks scrape configurations for what Prometheus refuses: it would refuse the whole file.
public struct ScrapeConfigChecks {
    /// The version of Prometheus that reads the configuration.
    let version: PrometheusVersion
    /// The interval of jobs without one of their own.
    let defaultInterval: PrometheusDuration?

    /// Creates the checks for a version of Prometheus.
    ///
    /// `scrapeInterval` is the interval of jobs without one of their own. Prometheus uses 1 minute if it is nil or 0; an
    /// interval that cannot be read counts as that, too.
    public init(version: PrometheusVersion, scrapeInterval: String?) {
        self.version = version
        let interval = scrapeInterval.flatMap(PrometheusDuration.init).flatMap { $0.milliseconds > 0 ? $0 : nil }
        defaultInterval = interval ?? PrometheusDuration("1m")
    }

    /// The problems of one scrape configuration; empty if Prometheus accepts it.
    ///
    /// The caller has to ensure that job names are unique.
    public func problems(_ config: JSON) -> [FieldError] {
        guard let members = config.object else {
            return [FieldError(FieldPath(), "should be an object, not \(config.typeName)")]
        }
        return (ConfigTable.scrapeConfig.problems(config, for: version) + timeProblems(members)).map(\.shortened)
    }

    /// The scrape configurations that Prometheus accepts; each of the others is omitted, with a problem.
    func accepted(_ configs: [JSON], _ problems: inout [ConfigProblem]) -> [JSON] {
        var names: Set<String> = []
        var accepted: [JSON] = []
        for (index, config) in configs.enumerated() {
            let name = config["job_name"]?.plainText ?? ""
            let part = name.isEmpty ? "scrape config \(index)" : "scrape config \"\(name)\""
            let found = self.problems(config)
            problems += found.map { ConfigProblem(.rejected, part, $0.path, $0.problem) }
            guard found.isEmpty else { continue }
            guard names.insert(name).inserted else {
                problems.append(
                    ConfigProblem(
                        .rejected, "scrape config \(index)", FieldPath("job_name"),
                        "\"\(name)\" is the name of an earlier job; names should be unique"))
                continue
            }
            accepted.append(config)
        }
        return accepted
    }

    /// The timeout is at most the interval of the job, or else that of all jobs.
    private func timeProblems(_ config: JSON.Members) -> [FieldError] {
        func duration(_ key: String) -> PrometheusDuration? { config[key]?.plainText.flatMap(PrometheusDuration.init) }
        let interval = duration("scrape_interval").flatMap { $0.milliseconds > 0 ? $0 : nil } ?? defaultInterval
        guard let timeout = duration("scrape_timeout"), let interval, timeout > interval else { return [] }
        return [FieldError(FieldPath("scrape_timeout"), "\(timeout) is longer than the scrape interval \(interval)")]
    }
}
